//! A data folder with people in it, and the server that runs on it.

use crate::skip;
use crate::store::{drop_database, new_database, sqlite_url};
use crate::web::Visitor;
use soyuznik::case::{CaseId, OrganisationKind, PersonId, Role, Status, Step, next};
use soyuznik::store::{CaseView, JobCounts, NewOrganisation, NewPerson, Store};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// Longer than a start or a step takes on a busy machine: a bound against waiting for ever.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A database with a member and a lawyer in it, and how the server is started on it.
pub struct House {
    pub folder: tempfile::TempDir,
    pub url: String,
    pub member: Visitor,
    pub member_id: PersonId,
    pub lawyer: Visitor,
    /// Flags of `serve`.
    pub words: Vec<String>,
}

pub fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

impl House {
    /// A house on SQLite, without models, whose answers are not held back.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = sqlite_url(&folder.path().join("data"));
        Self::on(folder, url)
    }

    /// A house whose data stand in the database at `url`.
    pub fn on(folder: tempfile::TempDir, url: String) -> Self {
        let data = folder.path().join("data");
        let (member_id, member, lawyer) = wait(people(&url, &data));
        let words = [
            "--encoder",
            "none",
            "--generator",
            "none",
            "--deliver-hold-s",
            "0",
        ];
        Self {
            folder,
            url,
            member,
            member_id,
            lawyer,
            words: words.map(str::to_owned).to_vec(),
        }
    }

    /// Calls `body` with a house on a new database of the test server, or skips.
    ///
    /// Nobody ends the leases of a dead process there, so they are short.
    pub fn on_postgres(test: &str, body: impl FnOnce(House)) {
        let Some(server) = skip::postgres(test) else {
            return;
        };
        let (name, url) = wait(new_database(&server));
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let house = House::on(tempfile::tempdir().unwrap(), url);
            body(house.with(&[("--jobs-lease-s", "3")]));
        }));
        wait(drop_database(&server, &name));
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    }

    /// Lets a server at `url` be the generator.
    pub fn with_generator(self, url: &str) -> Self {
        self.with(&[
            ("--generator", "remote"),
            ("--model-remote-url", url),
            ("--model-remote-model", "stub"),
        ])
    }

    /// Adds or changes flags of `serve`.
    pub fn with(mut self, words: &[(&str, &str)]) -> Self {
        for (flag, value) in words {
            match self.words.iter().position(|word| word == flag) {
                Some(at) => self.words[at + 1] = (*value).to_owned(),
                None => self.words.extend([(*flag).to_owned(), (*value).to_owned()]),
            }
        }
        self
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soyuznik"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOYUZNIK_")) {
            command.env_remove(name);
        }
        command.args(words).arg("--data-dir").arg(self.data());
        command.args(["--database-url", &self.url]);
        command
    }

    /// Runs a command of the program to its end.
    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// A file that keeps what servers say.
    pub fn log(&self, name: &str) -> File {
        let path = self.folder.path().join(name);
        File::options()
            .create(true)
            .append(true)
            .open(path)
            .unwrap()
    }

    /// What all servers of this house wrote on standard output and standard error.
    pub fn said(&self) -> String {
        let read = |name: &str| {
            let bytes = std::fs::read(self.folder.path().join(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        format!("{}\n{}", read("out"), read("err"))
    }

    /// Looks into the database beside the server.
    pub fn look<T>(&self, look: impl AsyncFnOnce(&Store) -> T) -> T {
        wait(async {
            let store = Store::open_to_read(&self.url).await.unwrap();
            let seen = look(&store).await;
            store.close().await;
            seen
        })
    }

    pub fn case(&self, case: &CaseId) -> CaseView {
        self.look(async |store| store.case_for(case).await.unwrap())
    }

    pub fn status(&self, case: &CaseId) -> Status {
        self.look(async |store| store.case_row(case).await.unwrap().status)
    }

    /// Waits until the case stands at one of `wanted`.
    pub fn reaches(&self, case: &CaseId, wanted: &[Status]) -> Status {
        let begun = Instant::now();
        loop {
            let status = self.status(case);
            if wanted.contains(&status) {
                return status;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{case} stays {status:?}, {wanted:?} wanted\n{}",
                self.said()
            );
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Waits until no job is queued or leased; none may have been given up.
    pub fn no_job_is_left(&self) {
        assert_eq!(self.no_job_waits().dead, 0, "{}", self.said());
    }

    /// Waits until no job is queued or leased.
    pub fn no_job_waits(&self) -> JobCounts {
        let begun = Instant::now();
        loop {
            let counts = self.look(async |store| store.job_counts().await.unwrap());
            if counts.queued + counts.leased == 0 {
                return counts;
            }
            assert!(begun.elapsed() < PATIENCE, "{counts:?}\n{}", self.said());
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Fails unless the case came where it is by steps that are allowed.
    pub fn came_by_legal_steps(&self, case: &CaseId) {
        let view = self.case(case);
        let mut at = Status::Received;
        for event in &view.events {
            let legal = event.from == event.to && event.to == at
                || Step::ALL
                    .iter()
                    .any(|step| next(at, *step) == Some(event.to));
            assert!(legal && event.from == at, "{:?}", view.events);
            at = event.to;
        }
        assert_eq!(at, view.case.status);
    }

    /// Fails unless the journal is one whole chain; a server may run meanwhile.
    pub fn journal_verifies(&self) {
        let run = self.run(&["audit", "verify"]);
        let out = String::from_utf8_lossy(&run.stdout);
        let err = String::from_utf8_lossy(&run.stderr);
        assert!(out.contains("Журнал цел"), "{out}{err}");
    }
}

/// A member and a lawyer of one organisation, both logged in.
async fn people(url: &str, data: &Path) -> (PersonId, Visitor, Visitor) {
    let store = Store::open(url, data).await.unwrap();
    let node = NewOrganisation {
        parent: None,
        name: "Первичка завода «Прогон»".into(),
        kind: OrganisationKind::Primary,
        region: None,
        industry: None,
    };
    let node = store.add_organisation(&node, "test").await.unwrap();
    let mut made = Vec::new();
    for (name, email, role) in [
        ("Мария Членова", "member@example.org", Role::Member),
        ("Лев Юристов", "lawyer@example.org", Role::Lawyer),
    ] {
        let person = NewPerson {
            name: name.into(),
            email: Some(email.into()),
            language: "ru".into(),
        };
        let id = store.add_person(&person, "test").await.unwrap().id;
        store.grant(&id, role, &node.id, "test").await.unwrap();
        let session = store.create_session(&id, 36_000_000, 36_000_000).await;
        let session = session.unwrap();
        let visitor = Visitor {
            cookies: [("soyuznik".to_owned(), session.token)].into(),
            csrf: session.csrf_token,
        };
        made.push((id, visitor));
    }
    store.close().await;
    let (_, lawyer) = made.pop().unwrap();
    let (member_id, member) = made.pop().unwrap();
    (member_id, member, lawyer)
}
