//! What can go wrong in the index, said so that the reader knows whose turn it is.

/// Why the index did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// The server does not answer; it may come back by itself.
    #[error(
        "Индекс {place} недоступен: {reason}. Вопросы принимаются; проверьте сервер Qdrant и настройку index.qdrant_url."
    )]
    Unavailable { place: String, reason: String },
    /// What is stored can't be read; it has to be rebuilt.
    #[error(
        "Индекс {place} повреждён: {reason}. Перестройте его: он собирается заново из базы и базы знаний."
    )]
    Damaged { place: String, reason: String },
    /// The call or a setting does not fit the index.
    #[error("Неверное обращение к индексу: {reason}.")]
    Wrong { reason: String },
    /// Another process or another rebuild holds it.
    #[error("Индекс {place} занят: {reason}. Дождитесь окончания или остановите второй процесс.")]
    Busy { place: String, reason: String },
    /// The file can't be written: rights, or no space left.
    #[error(
        "Не удалось записать индекс {place}: {reason}. Проверьте место на диске и права на папку."
    )]
    Storage { place: String, reason: String },
}

impl IndexError {
    /// The machine code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "index_unavailable",
            Self::Damaged { .. } => "index_damaged",
            Self::Wrong { .. } => "index_wrong",
            Self::Busy { .. } => "index_busy",
            Self::Storage { .. } => "index_storage",
        }
    }
}
