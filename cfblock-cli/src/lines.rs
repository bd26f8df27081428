//! Input that is read line by line.

use std::io::{self, BufRead, BufReader, Read};

const BUFFER: usize = 64 << 10;

/// The lines of an input, one at a time in the same buffer.
pub(crate) struct Lines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(BUFFER, input), line: Vec::new(), number: 0 }
    }

    /// Reads on to the next line that is not blank; `false` at the end of the input.
    pub(crate) fn next(&mut self) -> io::Result<bool> {
        loop {
            self.line.clear();
            if self.input.read_until(b'\n', &mut self.line)? == 0 {
                return Ok(false);
            }
            self.number += 1;
            if self.number == 1 && self.line.starts_with(b"\xEF\xBB\xBF") {
                // The byte order mark that PowerShell puts before a text.
                self.line.drain(..3);
            }
            self.line.truncate(self.line.trim_ascii_end().len());
            if !self.line.trim_ascii_start().is_empty() {
                return Ok(true);
            }
        }
    }

    /// The line, without its end.
    pub(crate) fn line(&self) -> &[u8] {
        &self.line
    }

    /// The line's number, counted from 1; at the end of the input the number of lines.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// Whether the next line has to be waited for.
    pub(crate) fn is_dry(&self) -> bool {
        !self.input.buffer().trim_ascii_start().contains(&b'\n')
    }
}
