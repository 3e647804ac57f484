//! `kb local`: collective agreements, industry agreements and an employer's rules.

use super::kb::embed;
use super::output::{Exit, Failure, Format, print_json, say};
use super::people::{ACTOR, open_store};
use crate::app::{self, App};
use crate::case::OrganisationId;
use crate::config::Config;
use crate::ingest::{self, LocalGiven, LocalOf, Reading};
use crate::law::LocalKind;
use crate::store::LocalAct;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum LocalCommand {
    /// Добавить локальный акт или его следующую редакцию.
    Add(LocalAddArgs),
    /// Какие локальные акты есть, чьи они и до какого дня действуют.
    List,
    /// Отметить последний день действия; после него акт не цитируется.
    End {
        /// Обозначение из списка: local-agreement-…
        act: String,
        #[arg(long, value_name = "ДЕНЬ")]
        on: Date,
    },
}

#[derive(Debug, Args)]
pub struct LocalAddArgs {
    /// Текст: docx, odt, rtf, pdf с текстом, txt, md, html.
    pub path: PathBuf,
    /// Узел дерева, чей это акт; видят его этот узел и все под ним.
    #[arg(long, value_name = "УЗЕЛ", required_unless_present = "act")]
    pub owner: Option<String>,
    /// Вид: collective_agreement, industry_agreement, internal_rules.
    #[arg(long, value_name = "ВИД", value_parser = kind, required_unless_present = "act")]
    pub kind: Option<LocalKind>,
    /// Название, как в тексте. Тот же узел, вид и название — следующая редакция того же акта.
    #[arg(long, value_name = "НАЗВАНИЕ", required_unless_present = "act")]
    pub title: Option<String>,
    /// Первый день действия.
    #[arg(long, value_name = "ДЕНЬ")]
    pub from: Date,
    /// Последний день действия; без этого — пока не отменён.
    #[arg(long, value_name = "ДЕНЬ")]
    pub until: Option<Date>,
    /// День подписания.
    #[arg(long, value_name = "ДЕНЬ")]
    pub signed: Option<Date>,
    /// Следующая редакция акта с этим обозначением (вместо владельца, вида и названия).
    #[arg(long, value_name = "АКТ", conflicts_with_all = ["owner", "kind", "title"])]
    pub act: Option<String>,
    /// Не считать векторы сейчас.
    #[arg(long)]
    pub no_vectors: bool,
}

fn kind(word: &str) -> Result<LocalKind, String> {
    LocalKind::parse(word).ok_or_else(|| {
        let known: Vec<&str> = LocalKind::ALL.iter().map(|kind| kind.code()).collect();
        format!("бывает {}", known.join(", "))
    })
}

impl LocalAddArgs {
    fn given(&self) -> Result<LocalGiven, Failure> {
        let missing =
            || Failure::wrong_use("--owner", "Назовите владельца, вид и название или --act.");
        let of = match &self.act {
            Some(act) => LocalOf::Held { act: act.clone() },
            None => LocalOf::Titled {
                owner: OrganisationId(self.owner.clone().ok_or_else(missing)?),
                kind: self.kind.ok_or_else(missing)?,
                title: self.title.clone().ok_or_else(missing)?,
            },
        };
        Ok(LocalGiven {
            of,
            from: self.from,
            last: self.until,
            signed: self.signed,
        })
    }
}

pub async fn run(config: Config, command: LocalCommand, format: Format) -> Result<Exit, Failure> {
    match command {
        LocalCommand::Add(args) => add(config, args, format).await,
        LocalCommand::List => list(config, format).await,
        LocalCommand::End { act, on } => {
            let store = open_store(&config).await?;
            store.end_local_act(&act, on, ACTOR).await?;
            say(&format!("{act} действует по {on}."));
            Ok(Exit::Done)
        }
    }
}

async fn add(config: Config, args: LocalAddArgs, format: Format) -> Result<Exit, Failure> {
    let given = args.given()?;
    let app = App::open(config).await?;
    let who = (ACTOR, app::today());
    let added =
        ingest::add_local(&app.store, &args.path, &Reading::in_child(), &given, who).await?;
    app.reload_knowledge().await?;
    match format {
        Format::Json => print_json(&added),
        Format::Text => say(&added.to_string()),
    }
    if !args.no_vectors {
        embed(&app).await?;
    }
    Ok(Exit::Done)
}

async fn list(config: Config, format: Format) -> Result<Exit, Failure> {
    let acts = open_store(&config).await?.local_acts().await?;
    match format {
        Format::Json => {
            let acts: Vec<_> = acts.iter().map(as_json).collect();
            print_json(&serde_json::json!({"local_acts": acts}));
        }
        Format::Text if acts.is_empty() => {
            say("Локальных актов нет. Добавьте: soyuznik kb local add ФАЙЛ.");
        }
        Format::Text => {
            for act in &acts {
                let from = act
                    .editions
                    .first()
                    .map_or_else(String::new, Date::to_string);
                let last = act.last_day();
                say(&format!(
                    "{}  {}\n             {}; с {from} {}; редакций {}, фрагментов {}",
                    act.id,
                    act.title,
                    act.owner_name,
                    last.map_or("и пока не отменён".to_owned(), |day| format!(
                        "по {day}"
                    )),
                    act.editions.len(),
                    act.passages
                ));
            }
        }
    }
    Ok(Exit::Done)
}

fn as_json(act: &LocalAct) -> serde_json::Value {
    let kind = act.id.parse::<crate::law::ActId>().ok();
    let kind = kind.and_then(|id| id.local_kind()).map(LocalKind::code);
    serde_json::json!({"act": act.id, "kind": kind, "title": act.title, "owner": act.owner,
        "owner_name": act.owner_name, "signed": act.signed, "editions": act.editions,
        "until": act.last_day(), "passages": act.passages})
}
