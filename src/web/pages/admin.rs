use super::{Answered, go, show, show_as};
use crate::case::{Action, Organisation, OrganisationId, PersonId, Role};
use crate::web::Web;
use crate::web::desk::{DeskError, JournalState, NewPerson, Password, PersonLine, Readiness};
use crate::web::fields::Fields;
use crate::web::guard::{Logged, at_node};
use crate::web::page::Page;
use crate::web::problem::Problem;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "admin.html")]
struct Admin {
    p: Page,
    people: Vec<PersonLine>,
    organisations: Vec<Organisation>,
    readiness: Readiness,
    fault: Option<String>,
    name: String,
    email: String,
}

impl Admin {
    fn roles(&self) -> [Role; 5] {
        Role::ALL
    }

    fn has_password(&self, person: &PersonLine) -> bool {
        person.password == Password::Set
    }
}

#[derive(Template)]
#[template(path = "admin_link.html")]
struct NewLink {
    p: Page,
    name: String,
    address: String,
}

#[derive(Template)]
#[template(path = "admin_journal.html")]
struct Journal {
    p: Page,
    journal: JournalState,
}

pub async fn see(State(web): State<Arc<Web>>, Logged(session): Logged, p: Page) -> Answered {
    let page = page(&web, &session.actor, p).await?;
    show(&page)
}

async fn page(web: &Web, actor: &crate::case::Actor, p: Page) -> Result<Admin, DeskError> {
    Ok(Admin {
        people: web.desk.people(actor).await?,
        organisations: web.desk.organisations(actor).await?,
        readiness: web.desk.readiness().await?,
        fault: None,
        name: String::new(),
        email: String::new(),
        p,
    })
}

pub async fn add_person(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    fields: Fields,
) -> Answered {
    let organisations = web.desk.organisations(&session.actor).await?;
    let fault = match read(&fields, &organisations) {
        Ok((person, path)) if at_node(&session.actor, Action::ManagePeople, path) => {
            let added = web.desk.add_person(&session.actor.person, &person).await;
            match added {
                Ok(_) => return go("/admin"),
                Err(DeskError::Wrong { message } | DeskError::Conflict { message }) => message,
                Err(error) => return Err(Problem::from(error)),
            }
        }
        Ok(_) => return Err(Problem::Forbidden),
        Err(key) => p.t(key),
    };
    let mut page = page(&web, &session.actor, p).await?;
    page.fault = Some(fault);
    page.name = fields.get("name").to_owned();
    page.email = fields.get("email").to_owned();
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn read<'a>(
    fields: &Fields,
    organisations: &'a [Organisation],
) -> Result<(NewPerson, &'a str), &'static str> {
    let name = fields.get("name");
    if name.is_empty() || name.chars().count() > 200 {
        return Err("fault-name");
    }
    let email = fields.some("email").map(|email| email.to_lowercase());
    if email.as_ref().is_some_and(|email| !email.contains('@')) {
        return Err("fault-email");
    }
    let role = Role::parse(fields.get("role")).ok_or("fault-role")?;
    let id = OrganisationId::from(fields.get("organisation"));
    let organisation = organisations
        .iter()
        .find(|organisation| organisation.id == id)
        .ok_or("fault-organisation")?;
    let person = NewPerson {
        name: name.to_owned(),
        email,
        role,
        organisation: id,
    };
    Ok((person, &organisation.path))
}

/// A one-time link, shown once: only its hash is kept.
pub async fn make_link(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    Path(id): Path<String>,
    p: Page,
) -> Answered {
    let person = PersonId::from(id);
    let token = web.desk.make_link(&session.actor.person, &person).await?;
    let people = web.desk.people(&session.actor).await?;
    let name = people.into_iter().find(|line| line.id == person);
    show(&NewLink {
        p,
        name: name.map(|line| line.name).unwrap_or_default(),
        address: format!("{}/login/{token}", web.public_url),
    })
}

pub async fn journal(State(web): State<Arc<Web>>, p: Page) -> Answered {
    let journal = web.desk.journal().await?;
    show(&Journal { p, journal })
}
