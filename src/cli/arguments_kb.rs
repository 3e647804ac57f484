//! Options of `kb add`, `kb read` and `kb amended`.

use crate::knowledge::{PracticeKind, Told};
use clap::Args;
use jiff::civil::Date;

/// What a person says about a file that is a clarification or a court act.
#[derive(Debug, Default, Args)]
pub struct ToldArgs {
    /// Что это: clarification (разъяснение) или court (судебный акт); без этого решает содержание.
    #[arg(long, value_name = "ВИД", value_parser = kind)]
    pub kind: Option<PracticeKind>,
    /// Чьё разъяснение или какой суд.
    #[arg(long, value_name = "КТО")]
    pub issuer: Option<String>,
    /// День документа.
    #[arg(long, value_name = "ДЕНЬ")]
    pub date: Option<Date>,
    /// Номер письма или дела.
    #[arg(long, value_name = "НОМЕР")]
    pub number: Option<String>,
    /// Где опубликовано.
    #[arg(long, value_name = "АДРЕС")]
    pub url: Option<String>,
}

impl From<ToldArgs> for Told {
    fn from(args: ToldArgs) -> Self {
        Self {
            kind: args.kind,
            issuer: args.issuer,
            issued_on: args.date,
            number: args.number,
            url: args.url,
        }
    }
}

/// The kind that a word of the command line stands for.
pub fn kind(word: &str) -> Result<PracticeKind, String> {
    PracticeKind::parse(word).ok_or_else(|| "бывает clarification и court".to_owned())
}

/// What `kb amended` is asked.
#[derive(Debug, Args)]
pub struct AmendedArgs {
    pub act: String,
    /// С какого дня публикации; без этого — с дня, по который известна новейшая редакция.
    #[arg(long, value_name = "ДЕНЬ")]
    pub since: Option<Date>,
    /// Только спросить; ничего не сохранять.
    #[arg(long)]
    pub dry_run: bool,
    /// Никого не спрашивать, показать известные поправки.
    #[arg(long)]
    pub known: bool,
    /// Отложить поправку с этим номером для всего акта.
    #[arg(long, value_name = "НОМЕР", requires = "reason")]
    pub settle: Option<String>,
    /// Почему поправку можно отложить.
    #[arg(long, value_name = "ПОЧЕМУ")]
    pub reason: Option<String>,
    /// Вернуть отложенную поправку с этим номером: она снова ждёт текста или решения.
    #[arg(long, value_name = "НОМЕР", conflicts_with = "settle")]
    pub reopen: Option<String>,
}
