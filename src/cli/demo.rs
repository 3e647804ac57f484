use super::ask::print_draft;
use super::models::{own_models, pull};
use super::output::{Exit, Failure, say};
use super::people::ACTOR;
use super::progress::Progress;
use super::serve::{bind, run};
use crate::app::{App, AppError};
use crate::case::{CaseId, OrganisationKind, PersonId, Role, Status};
use crate::config::Config;
use crate::intake::{self, Question};
use crate::model::registry::Registry;
use crate::retrieve::Scope;
use crate::review::{self, ReviewError};
use crate::store::{NewOrganisation, NewPerson, StatementStamp};
use crate::{ingest, jobs};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const LINK_MS: i64 = 7 * 24 * 3600 * 1000;
/// What the demo's member asks.
const SAMPLE: &str = "Мне уже второй месяц задерживают зарплату, директор говорит, что денег нет. Могу я не выходить на работу, пока не заплатят, и положена ли мне компенсация за задержку?";
/// Questions that wait for the demo's lawyer.
const WAITING: [&str; 2] = [
    "Хочу уволиться по собственному желанию. Обязательно ли отрабатывать две недели и можно ли забрать заявление назад?",
    "Меня вызвали на работу в воскресенье. Как должны оплатить этот день или дать отгул?",
];
/// How many articles of each question get their vectors first.
const ARTICLES_FIRST: usize = 20;

/// `demo`: everything at once, in a data folder of its own.
pub async fn demo(
    mut config: Config,
    law: Option<PathBuf>,
    once: bool,
    listen_only: bool,
) -> Result<Exit, Failure> {
    let listener = if once {
        None
    } else {
        Some(bind(&config).await?)
    };
    // The demo's lawyer does not think twice: the answer is on the page at once.
    config.deliver.hold_s = 0;
    fetch_models(&config).await;
    let app = Arc::new(App::open(config).await?);
    take_law(&app, law).await?;
    let people = match people(&app).await? {
        Some(people) => people,
        None => make_people(&app).await?,
    };
    let first = first_articles(&app).await;
    if !listen_only && app.store.cases_of(&people.member).await?.is_empty() {
        sample(&app, &people, &first).await?;
    }
    print_links(&app, &people).await?;
    let Some(listener) = listener else {
        app.store.close().await;
        return Ok(Exit::Done);
    };
    say(&format!(
        "\nСтраницы: {}  (остановить: Ctrl+C)",
        app.config.public_url()
    ));
    run(app, listener, first).await
}

/// Fetches the chosen models that are not there; what can't be had is said, and the demo goes on.
async fn fetch_models(config: &Config) {
    let own = config.clone();
    let fetched = tokio::task::spawn_blocking(move || -> Result<(), Failure> {
        let registry = Registry::open(&own)?;
        for name in own_models(&own) {
            if let Err(failure) = pull(&registry, name, true) {
                say(&format!("Модель {name} взять не удалось: {}", failure.message));
                say(&format!("Можно продолжать без неё; взять из файла: soyuznik models import {name} ФАЙЛ --data-dir {}", own.data_dir.display()));
            }
        }
        Ok(())
    })
    .await;
    if let Ok(Err(failure)) = fetched {
        say(&failure.message);
    }
}

async fn take_law(app: &App, law: Option<PathBuf>) -> Result<(), Failure> {
    if let Some(file) = law {
        let report = ingest::add_file(&app.store, &file, &ingest::Reading::in_child())
            .await
            .map_err(AppError::from)?;
        say(&report.to_string());
        app.reload_knowledge().await?;
    } else if !app.catalog().holds("tk") {
        match ingest::pull_quickly(&app.store, &app.config, "tk").await {
            Ok(added) => {
                if let Some(added) = added {
                    say(&added.to_string());
                }
                app.reload_knowledge().await?;
            }
            Err(error) => say(&format!(
                "Дословных цитат не будет, пока не добавлен текст закона: --law ФАЙЛ, kb add ФАЙЛ или kb pull tk. (Портал: {error})"
            )),
        }
    }
    Ok(())
}

struct People {
    member: PersonId,
    organisation: crate::case::OrganisationId,
    lawyer: PersonId,
    all: Vec<(Role, PersonId)>,
}

const DEMO_PEOPLE: [(Role, &str, &str); 4] = [
    (Role::Member, "Анна Ткачёва", "member@demo.invalid"),
    (Role::Lawyer, "Юрий Правдин", "lawyer@demo.invalid"),
    (Role::Staff, "Софья Делова", "staff@demo.invalid"),
    (Role::Administrator, "Антон Серверов", "admin@demo.invalid"),
];

async fn people(app: &App) -> Result<Option<People>, Failure> {
    let mut all = Vec::new();
    for (role, _, email) in DEMO_PEOPLE {
        match app.store.person_by_email(email).await? {
            Some(person) => all.push((role, person.id)),
            None => return Ok(None),
        }
    }
    let member = all[0].1.clone();
    let actor = app.store.actor(&member).await?;
    let Some(grant) = actor.grants.first() else {
        return Ok(None);
    };
    Ok(Some(People {
        organisation: grant.organisation.clone(),
        lawyer: all[1].1.clone(),
        member,
        all,
    }))
}

async fn make_people(app: &App) -> Result<People, Failure> {
    let store = &app.store;
    let node = |name: &str, kind, parent| NewOrganisation {
        parent,
        name: name.to_owned(),
        kind,
        region: Some("Учебная область".to_owned()),
        industry: Some("машиностроение".to_owned()),
    };
    let top = store
        .add_organisation(
            &node("Учебный профсоюз", OrganisationKind::Branch, None),
            ACTOR,
        )
        .await?;
    let plant = node(
        "Первичка завода «Пример»",
        OrganisationKind::Primary,
        Some(top.id.clone()),
    );
    let plant = store.add_organisation(&plant, ACTOR).await?;
    let mut all = Vec::new();
    for (role, name, email) in DEMO_PEOPLE {
        let new = NewPerson {
            name: name.to_owned(),
            email: Some(email.to_owned()),
            language: "ru".to_owned(),
        };
        let person = store.add_person(&new, ACTOR).await?;
        let at = if role == Role::Member {
            &plant.id
        } else {
            &top.id
        };
        store.grant(&person.id, role, at, ACTOR).await?;
        all.push((role, person.id));
    }
    let lawyer = all[1].1.clone();
    let catalog = app.catalog();
    let mut stamps: Vec<StatementStamp> = catalog
        .digested()
        .flat_map(|article| &article.statements)
        .map(|statement| StatementStamp {
            statement: statement.id.clone(),
            sha256: statement.sha256(),
        })
        .filter(|stamp| catalog.may_speak(&stamp.statement, &stamp.sha256))
        .collect();
    stamps.extend(app.note_stamps());
    let approved = store.approve_statements(&stamps, &lawyer, &top.id).await?;
    say(&format!(
        "Учебный юрист утвердил положений для членов профсоюза: {approved}."
    ));
    Ok(People {
        member: all[0].1.clone(),
        organisation: plant.id,
        lawyer,
        all,
    })
}

/// One question from intake to the member's page, then a few that wait for the lawyer.
async fn sample(app: &App, people: &People, first: &[String]) -> Result<(), Failure> {
    embed_first(app, first).await?;
    let ask = |text: &str| Question {
        text: text.to_owned(),
        idempotency_key: Some(format!(
            "demo-{}",
            crate::case::types::sha256_hex(text.as_bytes())
        )),
        ..Question::default()
    };
    let accept = async |text: &str| {
        intake::accept(&app.store, &people.member, &people.organisation, &ask(text))
            .await
            .map_err(|e| Failure::other("demo", e))
    };
    say(&format!("\nВопрос: {SAMPLE}\n"));
    let case = accept(SAMPLE).await?.id;
    jobs::drain(app).await?;
    show(app, &case).await?;
    approve(app, people, &case).await?;
    for text in WAITING {
        accept(text).await?;
    }
    Ok(())
}

/// The articles that the words of the demo's questions point at, so that their vectors come first.
async fn first_articles(app: &App) -> Vec<String> {
    let mut searcher = app.searcher();
    searcher.embedder = None;
    let scope = Scope {
        on: crate::app::today(),
        organisation_path: None,
        limit: crate::app::HITS,
    };
    let mut first: Vec<String> = Vec::new();
    for question in std::iter::once(SAMPLE).chain(WAITING) {
        if let Ok(found) = searcher.retrieve(question, &scope).await {
            for (article, _) in found.articles.into_iter().take(ARTICLES_FIRST) {
                if !first.contains(&article) {
                    first.push(article);
                }
            }
        }
    }
    first
}

/// Embeds the sample's articles and the digest, with progress; the rest follows in the background.
async fn embed_first(app: &App, first: &[String]) -> Result<(), Failure> {
    use crate::model::worker::Health;
    let Some(embedder) = &app.embedder else {
        return Ok(());
    };
    if embedder.loaded().await != Health::Ready {
        return Ok(());
    }
    let total = app.urgent_missing(first).await?;
    let bar = Progress::new("положения и статьи вопроса", total);
    let mut done = 0;
    while done < total {
        let step = app.embed_missing(first, (total - done).min(256)).await?;
        if step == 0 {
            break;
        }
        done += step;
        bar.step(step);
    }
    Ok(())
}

async fn show(app: &App, case: &CaseId) -> Result<(), Failure> {
    let view = app.store.case_for(case).await?;
    let Some(retrieval) = view.retrieval else {
        say("Проекта нет: поиск не дал результата.");
        return Ok(());
    };
    let on = retrieval.on_date;
    let retrieval =
        serde_json::from_value(retrieval.hits).map_err(|e| Failure::other("demo", e))?;
    match view.draft {
        Some(row) => {
            print_draft(&retrieval, &crate::app::kept_draft(&row));
        }
        None => say(&format!(
            "Проекта нет ({}): обращение ждёт юриста с источниками на {on}.",
            view.case.reason.map_or("", |reason| reason.code())
        )),
    }
    Ok(())
}

async fn approve(app: &App, people: &People, case: &CaseId) -> Result<(), Failure> {
    let view = app.store.case_for(case).await?;
    let Some(answer) = view.answer.filter(|_| view.case.status == Status::Drafted) else {
        return Ok(());
    };
    let yes = review::approve(
        &app.store,
        case,
        &answer.id,
        &answer.rendering_sha256,
        &people.lawyer,
        Duration::ZERO,
    );
    match yes.await {
        Ok(_) => {}
        Err(ReviewError::Store(error)) => return Err(error.into()),
        Err(warned) => {
            say(&warned.to_string());
            return Ok(());
        }
    }
    jobs::drain(app).await?;
    let sent = app.store.case_row(case).await?.status == Status::Sent;
    say(if sent {
        "Учебный юрист утвердил этот текст; ответ на странице того, кто спросил."
    } else {
        "Ответ утверждён и ждёт отправки."
    });
    Ok(())
}

async fn print_links(app: &App, people: &People) -> Result<(), Failure> {
    say("\nВход (ссылка действует один раз, паролей по умолчанию нет):");
    for (role, person) in &people.all {
        let token = app.store.create_login_link(person, LINK_MS, ACTOR).await?;
        say(&format!(
            "  {:14} {}/login/{token}",
            role.code(),
            app.config.public_url()
        ));
    }
    Ok(())
}
