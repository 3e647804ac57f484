//! Why an office document or an archive was refused.

/// What is wrong with a file. Every message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OfficeFault {
    /// A zip archive that holds neither docx nor odt.
    #[error("это архив, но не документ Word (docx) и не OpenDocument (odt); распакуйте его")]
    NotDocument,
    /// A `doc` of old Word, or a document under a password: both come in the same wrapper.
    #[error(
        "это документ старого Word (doc) или документ под паролем; сохраните его как docx без пароля"
    )]
    OldWord,
    /// Encrypted.
    #[error("«{part}» под паролем; сохраните документ без пароля")]
    Encrypted {
        /// The part of the archive.
        part: String,
    },
    /// More bytes than any law needs.
    #[error("«{part}» распаковывается больше чем в {limit_mb} МБ; это похоже на архивную бомбу")]
    TooLarge {
        /// The part of the archive, or the archive.
        part: String,
        /// The limit, in megabytes.
        limit_mb: u64,
    },
    /// More members or paragraphs than we read.
    #[error("в «{part}» больше {limit} {what}; разделите файл")]
    TooMany {
        /// The archive or its part.
        part: String,
        /// «файлов», «абзацев».
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Elements in elements without end.
    #[error("в «{part}» слишком глубокая вложенность; пересохраните документ")]
    TooDeep {
        /// The part of the archive.
        part: String,
    },
    /// A name that would leave the folder it is unpacked to.
    #[error("имя «{part}» в архиве ведёт за пределы папки; такой архив опасен")]
    Unsafe {
        /// The member's name.
        part: String,
    },
    /// An archive in an archive.
    #[error("в архиве лежит другой архив «{part}»; распакуйте его отдельно")]
    Nested {
        /// The member's name.
        part: String,
    },
    /// Bytes that do not follow the format.
    #[error("«{part}» повреждён ({what}); сохраните или скачайте файл заново")]
    Broken {
        /// The part of the archive.
        part: String,
        /// What the parser met.
        what: String,
    },
}

impl OfficeFault {
    /// Returns the machine code of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            OfficeFault::NotDocument => "not_document",
            OfficeFault::OldWord => "old_word",
            OfficeFault::Encrypted { .. } => "encrypted",
            OfficeFault::TooLarge { .. } => "too_large",
            OfficeFault::TooMany { .. } => "too_many",
            OfficeFault::TooDeep { .. } => "too_deep",
            OfficeFault::Unsafe { .. } => "unsafe_name",
            OfficeFault::Nested { .. } => "nested_archive",
            OfficeFault::Broken { .. } => "broken",
        }
    }
}
