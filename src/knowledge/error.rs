//! What can go wrong with law texts, digest files and the portal.

use std::path::PathBuf;

use super::pdf::PdfFault;

use super::office::OfficeFault;

/// Why a text of the law, a digest or a page of the portal was refused. Every message names the place and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum KnowledgeError {
    /// Nothing but white space.
    #[error("{name}: файл пуст; сохраните страницу закона заново")]
    Empty {
        /// The file or address.
        name: String,
    },
    /// Bytes that are no text.
    #[error(
        "{name}: это не текст, а двоичный файл; нужен текст закона: HTML, docx, odt, rtf, txt, md или pdf с текстом"
    )]
    Binary {
        /// The file or address.
        name: String,
    },
    /// An office document or archive that could not be read.
    #[error("{name}: {fault}")]
    Office {
        /// The file or address.
        name: String,
        /// What is wrong with it.
        fault: OfficeFault,
    },
    /// The portal said that there is no such document.
    #[error(
        "{name}: портал ответил «Документ не найден»; проверьте номер документа (nd) в knowledge-base/sources.toml"
    )]
    NotFound {
        /// The file or address.
        name: String,
    },
    /// A page that asks to prove that a person is there.
    #[error(
        "{name}: сайт просит ввести код с картинки; откройте страницу в браузере, сохраните её и загрузите файл: soyuznik kb add ФАЙЛ"
    )]
    Captcha {
        /// The file or address.
        name: String,
    },
    /// A page without articles and points.
    #[error(
        "{name}: ни статей закона, ни пунктов постановления или приказа в файле нет; нужна страница с полным текстом акта (на портале: весь документ)"
    )]
    NotLaw {
        /// The file or address.
        name: String,
    },
    /// The end is missing.
    #[error("{name}: текст обрывается после {last}: нет подписи в конце; скачайте файл заново")]
    CutOff {
        /// The file or address.
        name: String,
        /// The last article or point that was read, in the genitive: «статьи 187».
        last: String,
    },
    /// An act approves something whose text is not there.
    #[error(
        "{name}: акт утверждает приложение, а его текста в файле нет; возьмите файл с приложениями"
    )]
    NoAnnex {
        /// The file or address.
        name: String,
    },
    /// Notes tell of changes, and nothing tells of which edition the text is.
    #[error(
        "{name}: дата редакции неизвестна: в тексте есть пометки об изменениях, а списка изменяющих документов в начале нет; возьмите файл, где он есть"
    )]
    EditionUnknown {
        /// The file or address.
        name: String,
    },
    /// Articles or points are missing in the middle.
    #[error("{name}: не хватает {what}: {missing}; скачайте файл заново")]
    Gaps {
        /// The file or address.
        name: String,
        /// «статей», «пунктов».
        what: &'static str,
        /// The first missing numbers.
        missing: String,
    },
    /// Larger than any act.
    #[error("{name}: файл слишком велик для текста закона; проверьте, тот ли это файл")]
    TooLarge {
        /// The file or address.
        name: String,
    },
    /// Nested deeper than any editor writes.
    #[error("{name}: файл повреждён: вложенность слишком глубокая; сохраните его заново")]
    TooDeep {
        /// The file or address.
        name: String,
    },
    /// A lost index that cannot be told from a whole number.
    #[error(
        "{name}: непонятен номер {number} после {before}: похоже, пропал надстрочный индекс; возьмите файл, где индексы сохранены"
    )]
    Numbering {
        /// The file or address.
        name: String,
        /// The number in doubt.
        number: String,
        /// The number before it.
        before: String,
    },
    /// A law we cannot name.
    #[error(
        "{name}: не удалось понять, что это за акт ({title}); у закона номер стоит в конце, у приказа или постановления в начале. Назовите акт и день редакции: soyuznik kb add --act fz-10 --edition 2024-08-08 ФАЙЛ"
    )]
    UnknownAct {
        /// The file or address.
        name: String,
        /// The title as read.
        title: String,
    },
    /// What was given with the file is not what the file says.
    #[error(
        "{name}: {what} в файле — {said}, а указано {given}; проверьте, тот ли это файл, или уберите указание"
    )]
    Contradiction {
        /// The file or address.
        name: String,
        /// Act or edition.
        what: &'static str,
        /// What the file says.
        said: String,
        /// What was given.
        given: String,
    },
    /// An act without a day of its own and without one that was given.
    #[error(
        "{name}: это {act}, но дня редакции в тексте нет; назовите его: soyuznik kb add --act {act} --edition 2024-08-08 ФАЙЛ"
    )]
    UnknownEdition {
        /// The file or address.
        name: String,
        /// The act.
        act: String,
    },
    /// A clarification or court act that does not tell who wrote it, or when.
    #[error("{name}: из текста не понять, чей он и когда написан; добавьте: {missing}")]
    Unsigned {
        /// The file.
        name: String,
        /// The options that are missing.
        missing: String,
    },
    /// A digest or source file that does not have the agreed form.
    #[error("{file}: {message}; исправьте файл")]
    Malformed {
        /// The file.
        file: String,
        /// What is wrong and where.
        message: String,
    },
    /// A file could not be read.
    #[error("{path}: {source}; проверьте путь и права")]
    Io {
        /// The path.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// A pdf that cannot be read.
    #[error("{name}: {fault}")]
    Pdf {
        /// The file or address.
        name: String,
        /// What is wrong and what to do.
        fault: PdfFault,
    },
    /// The portal could not be reached or did not answer in time.
    #[error(
        "{url}: {message}; повторите позже или сохраните страницу в браузере и загрузите файл: soyuznik kb add ФАЙЛ"
    )]
    Network {
        /// The address.
        url: String,
        /// What happened.
        message: String,
    },
    /// The portal kept refusing.
    #[error("{url}: портал отвечает кодом {status} после {attempts} попыток; повторите позже")]
    Refused {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
        /// How many times we asked.
        attempts: u32,
    },
    /// The server asks for a longer pause than we make.
    #[error("{url}: сайт отвечает кодом {status} и просит подождать {seconds} с; повторите позже")]
    AskedToWait {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
        /// The pause it asks for.
        seconds: u64,
    },
    /// The number stands for another act.
    #[error(
        "{url}: под этим номером другой акт, {found} вместо {wanted}; исправьте nd в knowledge-base/sources.toml"
    )]
    AnotherAct {
        /// The address.
        url: String,
        /// The act that was asked for.
        wanted: String,
        /// The act that came.
        found: String,
    },
    /// The publication service answered with something that is not its list.
    #[error(
        "{url}: сайт официального опубликования ответил не списком документов ({message}); повторите позже"
    )]
    NotAList {
        /// The address.
        url: String,
        /// What came instead.
        message: String,
    },
}

impl KnowledgeError {
    /// Returns the machine code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            KnowledgeError::Empty { .. } => "empty",
            KnowledgeError::Binary { .. } => "binary",
            KnowledgeError::Office { fault, .. } => fault.code(),
            KnowledgeError::NotFound { .. } => "not_found",
            KnowledgeError::Captcha { .. } => "captcha",
            KnowledgeError::NotLaw { .. } => "not_law",
            KnowledgeError::CutOff { .. } => "cut_off",
            KnowledgeError::NoAnnex { .. } => "no_annex",
            KnowledgeError::EditionUnknown { .. } => "edition_unknown",
            KnowledgeError::Gaps { .. } => "gaps",
            KnowledgeError::TooLarge { .. } => "too_large",
            KnowledgeError::TooDeep { .. } => "too_deep",
            KnowledgeError::Numbering { .. } => "numbering",
            KnowledgeError::UnknownAct { .. } => "unknown_act",
            KnowledgeError::Contradiction { .. } => "contradiction",
            KnowledgeError::UnknownEdition { .. } => "unknown_edition",
            KnowledgeError::Unsigned { .. } => "unsigned",
            KnowledgeError::Malformed { .. } => "malformed",
            KnowledgeError::Io { .. } => "io",
            KnowledgeError::Pdf { fault, .. } => fault.code(),
            KnowledgeError::Network { .. } => "network",
            KnowledgeError::Refused { .. } => "refused",
            KnowledgeError::AskedToWait { .. } => "asked_to_wait",
            KnowledgeError::AnotherAct { .. } => "another_act",
            KnowledgeError::NotAList { .. } => "not_a_list",
        }
    }

    /// Returns whether a server is to blame: trying later may help, another file will not.
    pub fn is_remote(&self) -> bool {
        matches!(
            self,
            KnowledgeError::Network { .. }
                | KnowledgeError::Refused { .. }
                | KnowledgeError::AskedToWait { .. }
                | KnowledgeError::NotAList { .. }
                | KnowledgeError::Captcha { .. }
        )
    }
}
