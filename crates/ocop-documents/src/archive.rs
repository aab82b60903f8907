//! Many files in one, in the open format that every office can unpack (ZIP, ISO/IEC 21320-1).

use std::io::{Seek, Write};

use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

/// An archive on its way: files are written one after the other, never all in memory.
pub struct Archive<Out: Write + Seek> {
    writer: ZipWriter<Out>,
}

impl<Out: Write + Seek> Archive<Out> {
    /// An empty archive that is written to `out`.
    pub fn new(out: Out) -> Self {
        Self { writer: ZipWriter::new(out) }
    }

    /// Adds a file. It is stored as it is: PDF and pictures do not shrink. No date is written, so that the same
    /// files give the same bytes.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), ZipError> {
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default());
        self.writer.start_file(name, options)?;
        Ok(self.writer.write_all(bytes)?)
    }

    /// Writes the directory; what was given to [`Archive::new`].
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn finish(self) -> Result<Out, ZipError> {
        self.writer.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    fn archive() -> Vec<u8> {
        let mut archive = Archive::new(Cursor::new(Vec::new()));
        archive.add("01-muc-luc.pdf", b"%PDF").unwrap();
        archive.add("minh-chung/02.jpg", &[0xff, 0xd8]).unwrap();
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn the_same_files_give_the_same_bytes() {
        assert_eq!(archive(), archive());
        let mut read = zip::ZipArchive::new(Cursor::new(archive())).unwrap();
        let mut bytes = Vec::new();
        read.by_name("minh-chung/02.jpg").unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!((read.len(), bytes), (2, vec![0xff, 0xd8]));
    }
}
