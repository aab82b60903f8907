//! Files to save: lists and tables as people take them away.

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A workbook.
    Xlsx,
    /// Text with commas.
    Csv,
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// A file to save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Its name, plain ASCII, with the ending of its format.
    pub file_name: String,
    /// What kind it is.
    pub format: Format,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Download {
    /// A file of this name, without its ending.
    pub(crate) fn new(stem: &str, format: Format, bytes: Vec<u8>) -> Self {
        Self { file_name: format!("{stem}.{}", format.ending()), format, bytes }
    }
}
