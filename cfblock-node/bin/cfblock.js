#!/usr/bin/env node
// The command `cfblock`, in this process.
import { argv } from 'node:process';
import native from '../native.cjs';

process.exitCode = native.runCommand(['cfblock', ...argv.slice(2)]);
