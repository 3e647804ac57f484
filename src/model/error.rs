/// What can go wrong with a model: its file, the network, the moment, or the request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    #[error("Модель занята: очередь полна. Повторите через {retry_after_s} с.")]
    Busy { retry_after_s: u64 },
    #[error(
        "Модель не успела ответить за отведённое время. Повторите позже или увеличьте model.draft_deadline_s."
    )]
    Deadline,
    #[error("Запрос к модели отменён.")]
    Cancelled,
    #[error("Сбой модели: {reason}")]
    Failed { reason: String },
    #[error(
        "Модель выключена в настройках. Чтобы включить, задайте model.encoder или model.generator."
    )]
    Off,
    #[error("Нет модели {name}. {remedy}")]
    Missing { name: String, remedy: String },
    #[error("Файл модели {place} повреждён: {what}. {remedy}")]
    Damaged {
        place: String,
        what: String,
        remedy: String,
    },
    #[error("Модели «{name}» нет в models.toml. Список: soyuznik models list.")]
    NotFound { name: String },
    #[error(
        "Сеть: {place}: {reason}. Проверьте соединение или возьмите файл с другой машины: soyuznik models import."
    )]
    Network { place: String, reason: String },
    #[error(
        "Сервер модели {place} ответил ошибкой: {reason}. Проверьте model.remote_url, model.remote_model и ключ."
    )]
    Remote {
        place: String,
        status: u16,
        reason: String,
    },
    #[error(
        "Текст слишком длинный для модели: {tokens} токенов при пределе {limit}. Сократите вопрос."
    )]
    TooLong { tokens: usize, limit: usize },
    #[error(
        "Встроенный движок не запускает эту модель: {what}. Запустите её на сервере и задайте model.remote_url."
    )]
    Unsupported { what: String },
    #[error("Ответ модели не по форме: {reason}")]
    OutOfForm { reason: String },
    #[error("Лицензия модели {name} не принята. Прочитайте {url} и повторите с --accept-licence.")]
    Licence { name: String, url: String },
    #[error(
        "Не удалось записать или прочитать {place}: {reason}. Проверьте место на диске и права; скачанное сохранено."
    )]
    Disk { place: String, reason: String },
    #[error("Папка {place} занята: другой процесс получает модель. Дождитесь его.")]
    Locked { place: String },
    #[error("Ошибка в {place}: {reason}. Исправьте запись.")]
    Wrong { place: String, reason: String },
}

impl ModelError {
    /// The machine code for JSON errors and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Busy { .. } => "model_busy",
            Self::Deadline => "model_deadline",
            Self::Cancelled => "model_cancelled",
            Self::Failed { .. } => "model_failed",
            Self::Off => "model_off",
            Self::Missing { .. } => "model_missing",
            Self::Damaged { .. } => "model_damaged",
            Self::NotFound { .. } => "model_unknown",
            Self::Network { .. } => "network",
            Self::Remote { .. } => "model_remote",
            Self::TooLong { .. } => "model_too_long",
            Self::Unsupported { .. } => "model_unsupported",
            Self::OutOfForm { .. } => "model_out_of_form",
            Self::Licence { .. } => "model_licence",
            Self::Disk { .. } => "disk",
            Self::Locked { .. } => "locked",
            Self::Wrong { .. } => "model_settings",
        }
    }

    /// The exit code of a command that ends with this error.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Wrong { .. } | Self::Licence { .. } => 2,
            Self::NotFound { .. } | Self::Missing { .. } => 3,
            Self::Busy { .. } | Self::Locked { .. } => 4,
            Self::Damaged { .. } => 5,
            Self::Network { .. } | Self::Remote { .. } => 6,
            _ => 1,
        }
    }

    /// The file, address or name that the error is about; empty where there is none.
    pub fn place(&self) -> &str {
        match self {
            Self::Missing { name, .. } | Self::NotFound { name } | Self::Licence { name, .. } => {
                name
            }
            Self::Damaged { place, .. }
            | Self::Network { place, .. }
            | Self::Remote { place, .. }
            | Self::Disk { place, .. }
            | Self::Locked { place }
            | Self::Wrong { place, .. } => place,
            _ => "",
        }
    }

    pub(crate) fn failed(reason: impl std::fmt::Display) -> Self {
        Self::Failed {
            reason: reason.to_string(),
        }
    }

    pub(crate) fn disk(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::Disk {
            place: path.display().to_string(),
            reason: error.to_string(),
        }
    }
}
