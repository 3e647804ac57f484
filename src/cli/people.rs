use super::arguments::{OrgCommand, UserCommand};
use super::output::{Exit, Failure, Format, print_json, say};
use crate::case::{OrganisationId, OrganisationKind, PersonId, Role};
use crate::config::Config;
use crate::store::{NewOrganisation, NewPerson, Store};

/// Who acts when a command of this machine does.
pub const ACTOR: &str = "cli";

/// How long a log-in link of the command line lives.
const LINK_MS: i64 = 48 * 3600 * 1000;

pub async fn open_store(config: &Config) -> Result<Store, Failure> {
    std::fs::create_dir_all(&config.data_dir).map_err(|e| {
        Failure::other("data_dir", format!("{}: {e}", config.data_dir.display()))
            .remedy("Проверьте путь и права на папку данных.")
    })?;
    Ok(Store::open(&config.database(), &config.data_dir).await?)
}

fn role(code: &str) -> Result<Role, Failure> {
    Role::parse(code).ok_or_else(|| {
        Failure::wrong_use("--role", format!("Роли «{code}» нет."))
            .remedy("Бывают member, steward, lawyer, staff, administrator.")
    })
}

pub async fn user(config: Config, command: UserCommand, format: Format) -> Result<Exit, Failure> {
    let store = open_store(&config).await?;
    match command {
        UserCommand::Add {
            name,
            email,
            organisation,
            role: code,
        } => {
            let role = role(&code)?;
            let language = "ru".to_owned();
            let person = store
                .add_person(
                    &NewPerson {
                        name,
                        email,
                        language,
                    },
                    ACTOR,
                )
                .await?;
            store
                .grant(&person.id, role, &OrganisationId(organisation), ACTOR)
                .await?;
            link(&config, &store, &person.id, format).await
        }
        UserCommand::Grant {
            person,
            organisation,
            role: code,
        } => {
            let (person, node) = (PersonId(person), OrganisationId(organisation));
            store.grant(&person, role(&code)?, &node, ACTOR).await?;
            say("Роль выдана.");
            Ok(Exit::Done)
        }
        UserCommand::Link { person } => link(&config, &store, &PersonId(person), format).await,
        UserCommand::List => list(&store, format).await,
    }
}

async fn link(
    config: &Config,
    store: &Store,
    person: &PersonId,
    format: Format,
) -> Result<Exit, Failure> {
    let token = store.create_login_link(person, LINK_MS, ACTOR).await?;
    let url = format!("{}/login/{token}", config.public_url());
    match format {
        Format::Json => print_json(&serde_json::json!({"person": person, "login": url})),
        Format::Text => say(&format!(
            "{person}\nОдноразовая ссылка для входа (48 часов): {url}"
        )),
    }
    Ok(Exit::Done)
}

async fn list(store: &Store, format: Format) -> Result<Exit, Failure> {
    let mut rows = Vec::new();
    for person in store.people().await? {
        let actor = store.actor(&person.id).await?;
        let roles: Vec<String> = actor
            .grants
            .iter()
            .map(|grant| format!("{}@{}", grant.role.code(), grant.organisation))
            .collect();
        rows.push(
            serde_json::json!({"id": person.id, "name": person.name, "email": person.email,
            "roles": roles, "disabled": person.disabled_ms.is_some()}),
        );
    }
    match format {
        Format::Json => print_json(&serde_json::json!({"people": rows})),
        Format::Text => {
            for row in &rows {
                say(&format!("{}  {}  {}", row["id"], row["name"], row["roles"]));
            }
        }
    }
    Ok(Exit::Done)
}

pub async fn organisation(
    config: Config,
    command: OrgCommand,
    format: Format,
) -> Result<Exit, Failure> {
    let store = open_store(&config).await?;
    match command {
        OrgCommand::Add {
            name,
            kind,
            parent,
            region,
            industry,
        } => {
            let kind = OrganisationKind::parse(&kind).ok_or_else(|| {
                Failure::wrong_use("--kind", format!("Вида «{kind}» нет."))
                    .remedy("Бывают federation, branch, territorial, primary.")
            })?;
            let parent = parent.map(OrganisationId);
            let node = store
                .add_organisation(
                    &NewOrganisation {
                        parent,
                        name,
                        kind,
                        region,
                        industry,
                    },
                    ACTOR,
                )
                .await?;
            match format {
                Format::Json => print_json(&node),
                Format::Text => say(&format!("{}", node.id)),
            }
        }
        OrgCommand::List => {
            let nodes = store.organisations().await?;
            match format {
                Format::Json => print_json(&serde_json::json!({"organisations": nodes})),
                Format::Text => {
                    for node in nodes {
                        let depth = node.path.matches('/').count().saturating_sub(1);
                        say(&format!("{}{}  {}", "  ".repeat(depth), node.name, node.id));
                    }
                }
            }
        }
    }
    Ok(Exit::Done)
}
