//! Where the input comes from.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Where the input comes from; shown as error messages name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("standard input"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl Source {
    /// Opens FILE, or standard input for `-` and for no FILE.
    ///
    /// Without a FILE a terminal is not waited for: whoever sits there most
    /// likely does not know that they should type a response.
    pub(crate) fn open<'a>(
        file: Option<&Path>,
        stdin: &'a mut dyn Read,
        terminal: Terminal,
    ) -> Result<(Self, Box<dyn Read + 'a>), Failure> {
        match file {
            None if terminal.input => Err(Failure::NothingPiped),
            None => Ok((Self::Stdin, Box::new(stdin))),
            Some(path) if path == Path::new("-") => Ok((Self::Stdin, Box::new(stdin))),
            Some(path) => {
                let from = Self::File(path.to_owned());
                match open_file(path) {
                    Ok(file) => Ok((from, Box::new(file))),
                    Err(error) => Err(Failure::Read { from, error }),
                }
            }
        }
    }
}

/// Opens a file that is no directory.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory, expected a file"));
    }
    Ok(file)
}
