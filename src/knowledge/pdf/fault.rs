//! Why a pdf was refused.

/// What is wrong with a pdf, in words for its reader. Every message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfFault {
    /// The pages are pictures, or there is nothing on them.
    #[error(
        "в файле нет текста (страниц {pages}, из них картинками {images}); распознайте его, например «ocrmypdf -l rus ФАЙЛ.pdf НОВЫЙ.pdf», проверьте глазами и загрузите новый файл"
    )]
    NoTextLayer {
        /// Pages that show pictures and hardly any text.
        images: usize,
        /// All pages.
        pages: usize,
    },
    /// The glyphs do not say which letters they are.
    #[error(
        "буквы в файле не связаны с кодами ({unknown} из {glyphs}), текст из него не прочитать; распознайте его, например «ocrmypdf --force-ocr -l rus ФАЙЛ.pdf НОВЫЙ.pdf», или сохраните закон в другом формате"
    )]
    NoLetters {
        /// Glyphs without a letter.
        unknown: usize,
        /// All glyphs.
        glyphs: usize,
    },
    /// A password or a right is needed.
    #[error(
        "файл зашифрован; снимите защиту, например «qpdf --decrypt ФАЙЛ.pdf НОВЫЙ.pdf», и загрузите новый файл"
    )]
    Encrypted,
    /// The structure of the file is broken.
    #[error("файл повреждён ({what}); скачайте его заново или сохраните закон в другом формате")]
    Damaged {
        /// What could not be read.
        what: String,
    },
    /// The file asks for more than a law text can need.
    #[error("файл слишком велик для разбора ({what}); сохраните закон в другом формате")]
    TooLarge {
        /// Which limit was reached.
        what: &'static str,
    },
}

impl PdfFault {
    /// Returns the machine code of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            PdfFault::NoTextLayer { .. } => "pdf_no_text",
            PdfFault::NoLetters { .. } => "pdf_no_letters",
            PdfFault::Encrypted => "pdf_encrypted",
            PdfFault::Damaged { .. } => "pdf_damaged",
            PdfFault::TooLarge { .. } => "pdf_too_large",
        }
    }

    /// A damaged file, with the place in words.
    pub(super) fn damaged(what: impl Into<String>) -> PdfFault {
        PdfFault::Damaged { what: what.into() }
    }
}
