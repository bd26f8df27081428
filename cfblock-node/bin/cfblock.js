#!/usr/bin/env node
// The command `cfblock`, in this process.
import { native } from '../lib/native.js';

// Importing `node:process` would open its streams, which makes pipes non-blocking.
process.exitCode = native.runCommand(['cfblock', ...process.argv.slice(2)]);
