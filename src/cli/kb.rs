use super::arguments::{DigestCommand, GivenFlags, KbCommand};
use super::arguments_kb::ToldArgs;
use super::output::{Exit, Failure, Format, print_json, say};
use super::people::open_store;
use super::progress::Progress;
use super::{kb_align, kb_check, kb_digest, kb_local, kb_pull, kb_rates, kb_show, kb_time};
use crate::app::{App, AppError};
use crate::config::Config;
use crate::ingest::{
    self, Added, AddedFile, AddedPractice, Fewer, Given, Hints, IngestError, Inside, Reading,
    Taken, Unpacked,
};
use crate::knowledge::ParsedPractice;
use crate::law::citation::ActId;
use jiff::civil::Date;
use std::path::{Path, PathBuf};

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        let exit = match &error {
            IngestError::Knowledge(inner) if inner.is_remote() => Exit::Network,
            IngestError::NoDay { .. } | IngestError::IsLocal { .. } => Exit::WrongUse,
            error if error.code() == "not_found" => Exit::NotFound,
            IngestError::Local(_) => Exit::WrongUse,
            _ => Exit::Problems,
        };
        Self::new(exit, error.code(), error)
    }
}

pub async fn run(config: Config, command: KbCommand, format: Format) -> Result<Exit, Failure> {
    match command {
        KbCommand::Add {
            paths,
            no_vectors,
            given,
            told,
        } => add(config, paths, (no_vectors, hints(given, told)?), format).await,
        KbCommand::Read { path, given, told } => read(&path, &hints(given, told)?, format),
        KbCommand::Check { act } => kb_check::check(config, act.as_deref(), format).await,
        KbCommand::List | KbCommand::Status => status(config, format).await,
        KbCommand::Show { norm, on } => kb_show::show(config, &norm, on, format).await,
        KbCommand::Diff {
            act,
            from,
            to,
            html,
        } => kb_time::diff(config, &act, (from, to), html, format).await,
        KbCommand::History { norm } => kb_time::history(config, &norm, format).await,
        KbCommand::Align(arguments) => kb_align::run(config, arguments, format).await,
        KbCommand::Verify { act, on } => kb_time::verify(config, &act, on, format).await,
        KbCommand::Pull {
            act,
            dry_run,
            accept_fewer,
        } => {
            let fewer = if accept_fewer {
                Fewer::Accept
            } else {
                Fewer::Refuse
            };
            kb_pull::pull(config, &act, (kb_pull::mode(dry_run), fewer), format).await
        }
        KbCommand::Amended(args) => kb_pull::amended(config, args, format).await,
        KbCommand::Local(command) => kb_local::run(config, command, format).await,
        KbCommand::Rates(command) => kb_rates::run(config, command, format).await,
        KbCommand::Watch => kb_pull::watch(config, format).await,
        KbCommand::Index => {
            let app = App::open(config).await?;
            embed(&app).await?;
            Ok(Exit::Done)
        }
        KbCommand::Digest { command } => match command {
            DigestCommand::Check { law } => kb_digest::check(&config, &law, format),
            DigestCommand::Export { file } => kb_digest::export(&config, &file, format).await,
            DigestCommand::Import { file } => kb_digest::import(&config, &file, format).await,
        },
    }
}

fn hints(flags: GivenFlags, told: ToldArgs) -> Result<Hints, Failure> {
    let act = flags.act.map(|id| ActId::new(&id)).transpose();
    let given = Given {
        act: act.map_err(|e| Failure::wrong_use("--act", e))?,
        edition: flags.edition,
        without: flags.without,
    };
    Ok(Hints {
        given,
        told: told.into(),
    })
}

/// `kb read FILE`: what a file holds. `kb add` reads every file by this command, so that a hostile one ends it alone.
fn read(path: &Path, hints: &Hints, format: Format) -> Result<Exit, Failure> {
    ingest::child::bound_this_process().map_err(|e| Failure::other("read", e))?;
    match (ingest::read_any(path, hints)?, format) {
        (Taken::Act(act), Format::Json) => print_json(&act),
        (Taken::Practice(practice), Format::Json) => print_json(&practice),
        (Taken::Act(act), Format::Text) => kb_check::print_read(&act),
        (Taken::Practice(practice), Format::Text) => say_practice(&practice),
    }
    Ok(Exit::Done)
}

fn say_practice(practice: &ParsedPractice) {
    let day = practice.issued_on.map(|day| day.to_string());
    say(&format!(
        "{}: {}, {}, № {}: {}; названо норм {}",
        practice.kind.code(),
        practice.issuer,
        day.as_deref().unwrap_or("без даты"),
        practice.number.as_deref().unwrap_or("—"),
        practice.title,
        practice.norms.len()
    ));
}

async fn add(
    config: Config,
    paths: Vec<PathBuf>,
    (no_vectors, hints): (bool, Hints),
    format: Format,
) -> Result<Exit, Failure> {
    let (mut added, mut practice, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    let (mut files, mut unpacked) = (Vec::new(), Vec::new());
    for file in ingest::files(&paths) {
        match unpack(&file).await {
            Ok(None) => files.push(Inside {
                shown: file.display().to_string(),
                path: file,
            }),
            Ok(Some(archive)) => {
                files.extend(archive.files.iter().cloned());
                unpacked.push(archive);
            }
            Err(message) => refused.push((file.display().to_string(), message)),
        }
    }
    let app = App::open(config).await?;
    let bar = Progress::new("файлы", files.len());
    let reading = Reading::in_child();
    for file in &files {
        match ingest::add_any(&app.store, &file.path, &reading, &hints).await {
            Ok(AddedFile::Act(one)) => added.push(Added {
                place: file.shown.clone(),
                ..*one
            }),
            Ok(AddedFile::Practice(one)) => practice.push(AddedPractice {
                place: file.shown.clone(),
                ..one
            }),
            Err(error) => {
                // A file of an archive is called by its name there.
                let path = file.path.display().to_string();
                let message = error.to_string().replace(&path, &file.shown);
                refused.push((file.shown.clone(), message));
            }
        }
        bar.step(1);
    }
    drop(bar);
    app.reload_knowledge().await?;
    print_added(&added, &practice, &refused, format);
    let took_something = !added.is_empty() || !practice.is_empty();
    if took_something && !no_vectors {
        embed(&app).await?;
    }
    Ok(if refused.is_empty() {
        Exit::Done
    } else {
        Exit::Problems
    })
}

/// Unpacks an archive beside the running program: one that breaks the unpacking is refused, and nothing else.
async fn unpack(file: &Path) -> Result<Option<Unpacked>, String> {
    let path = file.to_owned();
    match tokio::task::spawn_blocking(move || ingest::unpack(&path)).await {
        Ok(found) => found.map_err(|error| error.to_string()),
        Err(_) => Err(format!(
            "{}: архив повреждён и не распаковывается; скачайте его заново",
            file.display()
        )),
    }
}

fn print_added(
    added: &[Added],
    practice: &[AddedPractice],
    refused: &[(String, String)],
    format: Format,
) {
    match format {
        Format::Json => {
            let refused: Vec<_> = refused
                .iter()
                .map(|(place, message)| serde_json::json!({"place": place, "message": message}))
                .collect();
            print_json(
                &serde_json::json!({"added": added, "practice": practice, "refused": refused}),
            );
        }
        Format::Text => {
            for one in added {
                say(&one.to_string());
            }
            for one in practice {
                say(&one.to_string());
            }
            for (_, message) in refused {
                say(&format!("ОТКАЗ {message}"));
            }
        }
    }
}

/// Embeds what has no vector yet, with progress. Without an encoder words alone are searched.
pub(super) async fn embed(app: &App) -> Result<(), Failure> {
    let counts = app.index.counts().map_err(AppError::from)?;
    let bar = Progress::new("векторы", counts.entries - counts.with_vector);
    loop {
        match app.embed_missing(&[], 64).await {
            Ok(0) => break,
            Ok(done) => bar.step(done),
            Err(error) => {
                drop(bar);
                eprintln!("Векторы не посчитаны: {error} Поиск идёт по словам.");
                return Ok(());
            }
        }
    }
    Ok(())
}

async fn status(config: Config, format: Format) -> Result<Exit, Failure> {
    let store = open_store(&config).await?;
    let acts = store.act_statuses().await?;
    let known = store.amendment_counts().await?;
    let coming = kb_show::coming(&config, &store, &acts).await?;
    match format {
        Format::Json => {
            let known: Vec<_> = known
                .iter()
                .map(|(act, named, possible)| {
                    serde_json::json!({"act": act, "named": named, "possible": possible})
                })
                .collect();
            let coming: Vec<_> = coming.iter().map(kb_show::coming_json).collect();
            print_json(
                &serde_json::json!({"acts": acts, "amendments_without_text": known, "coming": coming}),
            );
        }
        Format::Text if acts.is_empty() => {
            say("Текстов законов нет. Добавьте: soyuznik kb add ФАЙЛ или soyuznik kb pull tk.");
        }
        Format::Text => {
            for act in acts {
                let day = |day: Option<Date>| day.map_or("—".to_owned(), |day| day.to_string());
                say(&format!(
                    "{:12} {}\n             редакций {}, новейшая {}, известна по {}; фрагментов {}, посмотреть человеку {}",
                    act.act,
                    act.title,
                    act.editions,
                    day(act.newest),
                    day(act.current_to),
                    act.passages,
                    act.to_look_at
                ));
                for version in coming.iter().filter(|version| version.act == act.act) {
                    say(&format!("             {}", kb_show::comes(version)));
                }
                for (_, named, possible) in known
                    .iter()
                    .filter(|(id, named, possible)| *id == act.act && named + possible > 0)
                {
                    say(&format!(
                        "             ИЗВЕСТНЫ ПОПРАВКИ БЕЗ ТЕКСТА: {named}, и ещё {possible}, где акт в названии не назван (kb amended {} --known)",
                        act.act
                    ));
                }
            }
        }
    }
    Ok(Exit::Done)
}
