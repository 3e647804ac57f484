//! People, log-ins and approvals of statements in the store.

use crate::store::on_both;
use soyuznik::case::Role;
use soyuznik::store::{NewPerson, StatementStamp, StoreError, TRIES_BEFORE_PAUSE, Try};

const HOUR_MS: i64 = 3_600_000;

#[test]
fn a_link_logs_in_once_and_only_its_hash_is_kept() {
    on_both("a_link_logs_in_once", async |desk| {
        let store = &desk.store;
        let token = store
            .create_login_link(&desk.member, HOUR_MS, "test")
            .await
            .unwrap();
        assert_eq!(token.len(), 64);
        assert_eq!(
            store.login_link_owner(&token).await.unwrap().as_ref(),
            Some(&desk.member)
        );
        assert_eq!(
            store.use_login_link(&token).await.unwrap().as_ref(),
            Some(&desk.member)
        );
        assert_eq!(store.use_login_link(&token).await.unwrap(), None);
        let old = store
            .create_login_link(&desk.member, -1, "test")
            .await
            .unwrap();
        assert_eq!(store.use_login_link(&old).await.unwrap(), None);
        assert_eq!(store.use_login_link("guess").await.unwrap(), None);
        let mut conn = crate::store::raw(&desk.url).await;
        let sql =
            format!("select count(*) from login_link where token_sha256 in ('{token}', '{old}')");
        assert_eq!(crate::store::one_text(&mut conn, &sql).await, "0");
    });
}

#[test]
fn a_session_ends_by_idleness_by_age_by_log_out_and_with_its_person() {
    on_both("a_session_ends", async |desk| {
        let store = &desk.store;
        let person = &desk.lawyer;
        let live = store
            .create_session(person, HOUR_MS, HOUR_MS)
            .await
            .unwrap();
        let found = store.session(&live.token).await.unwrap().unwrap();
        assert_eq!(
            (&found.person, &found.csrf_token),
            (person, &live.csrf_token)
        );
        for (idle, age) in [(-1, HOUR_MS), (HOUR_MS, -1)] {
            let dead = store.create_session(person, idle, age).await.unwrap();
            assert_eq!(store.session(&dead.token).await.unwrap(), None);
        }
        store.drop_session(&live.token).await.unwrap();
        assert_eq!(store.session(&live.token).await.unwrap(), None);
        let keep = store
            .create_session(person, HOUR_MS, HOUR_MS)
            .await
            .unwrap();
        let other = store
            .create_session(person, HOUR_MS, HOUR_MS)
            .await
            .unwrap();
        store
            .set_password_hash(person, "$argon2id$x", Some(&keep.token))
            .await
            .unwrap();
        assert!(store.session(&keep.token).await.unwrap().is_some());
        assert!(store.session(&other.token).await.unwrap().is_none());
        assert_eq!(
            store.password_hash(person).await.unwrap().as_deref(),
            Some("$argon2id$x")
        );
        let link = store
            .create_login_link(person, HOUR_MS, "test")
            .await
            .unwrap();
        store.disable_person(person, "test").await.unwrap();
        assert!(store.session(&keep.token).await.unwrap().is_none());
        assert!(store.actor(person).await.unwrap().grants.is_empty());
        assert_eq!(store.use_login_link(&link).await.unwrap(), None);
        assert_eq!(store.password_hash(person).await.unwrap(), None);
    });
}

#[test]
fn ten_guesses_side_by_side_are_all_and_the_owner_is_let_in_again() {
    on_both("ten_guesses", async |desk| {
        let mut guesses = Vec::new();
        for _ in 0..60 {
            let store = desk.store.clone();
            guesses.push(tokio::spawn(async move {
                store.try_login("Maria@Example.org ").await.unwrap()
            }));
        }
        let mut allowed = 0;
        for guess in guesses {
            allowed += i64::from(guess.await.unwrap() == Try::Allowed);
        }
        assert_eq!(allowed, TRIES_BEFORE_PAUSE);
        assert!(matches!(
            desk.store.try_login("maria@example.org").await.unwrap(),
            Try::Paused { .. }
        ));
        assert_eq!(
            desk.store.try_login("nobody@example.org").await.unwrap(),
            Try::Allowed
        );
        desk.store.login_passed("maria@example.org").await.unwrap();
        assert_eq!(
            desk.store.try_login("maria@example.org").await.unwrap(),
            Try::Allowed
        );
    });
}

#[test]
fn people_and_roles_are_kept_and_an_address_belongs_to_one() {
    on_both("people_and_roles", async |desk| {
        let store = &desk.store;
        let found = store
            .person_by_email("MARIA@example.org")
            .await
            .unwrap()
            .unwrap();
        assert_eq!((&found.id, found.has_password), (&desk.member, false));
        let double = NewPerson {
            name: "Другая".into(),
            email: Some("maria@EXAMPLE.org".into()),
            language: "ru".into(),
        };
        let refused = store.add_person(&double, "test").await;
        assert!(
            matches!(refused, Err(StoreError::Conflict { .. })),
            "{refused:?}"
        );
        let actor = store.actor(&desk.lawyer).await.unwrap();
        assert!(actor.covers(Role::Lawyer, &desk.branch_path));
        let lawyers = store.lawyers_of(&desk.branch_path).await.unwrap();
        let names: Vec<_> = lawyers.iter().map(|person| person.name.as_str()).collect();
        assert_eq!(names, ["Вера Законова", "Лев Юристов"]);
        store
            .revoke(&desk.lawyer, Role::Lawyer, &desk.branch, "test")
            .await
            .unwrap();
        assert!(store.actor(&desk.lawyer).await.unwrap().grants.is_empty());
        let again = store
            .revoke(&desk.lawyer, Role::Lawyer, &desk.branch, "test")
            .await;
        assert!(matches!(again, Err(StoreError::NotFound { .. })));
        let tree = store.organisations().await.unwrap();
        assert!(tree[0].parent.is_none() && tree[1].path.starts_with(&tree[0].path));
        assert_eq!(store.people().await.unwrap().len(), 4);
    });
}

#[test]
fn statements_approved_above_hold_below_and_not_beside() {
    on_both("statements_approved_above", async |desk| {
        let store = &desk.store;
        let stamp = |id: &str| StatementStamp {
            statement: id.into(),
            sha256: "a".repeat(64),
        };
        let stamps = [stamp("tk-80-01"), stamp("tk-80-02")];
        assert_eq!(
            store
                .approve_statements(&stamps, &desk.lawyer, &desk.branch)
                .await
                .unwrap(),
            2
        );
        assert_eq!(
            store
                .approve_statements(&stamps, &desk.lawyer, &desk.branch)
                .await
                .unwrap(),
            0
        );
        let refused = store
            .approve_statements(&stamps, &desk.stranger, &desk.branch)
            .await;
        assert!(matches!(refused, Err(StoreError::Refused { .. })));
        let below = format!("{}x/", desk.branch_path);
        assert_eq!(
            store
                .approvals_for(&below)
                .await
                .unwrap()
                .into_iter()
                .collect::<Vec<_>>(),
            stamps
        );
        let beside = store.organisation(&desk.other).await.unwrap().path;
        assert!(store.approvals_for(&beside).await.unwrap().is_empty());
        assert_eq!(
            store
                .revoke_statements(&stamps[..1], &desk.lawyer, &desk.branch)
                .await
                .unwrap(),
            1
        );
        assert_eq!(
            store.approvals_for(&desk.branch_path).await.unwrap().len(),
            1
        );
        assert_eq!(
            store
                .approve_statements(&stamps, &desk.lawyer, &desk.branch)
                .await
                .unwrap(),
            1
        );
    });
}

#[test]
fn tasks_and_settings_are_kept_once() {
    on_both("tasks_and_settings", async |desk| {
        let store = &desk.store;
        let first = store.open_task("alignment", "v1").await.unwrap();
        assert_eq!(store.open_task("alignment", "v1").await.unwrap(), first);
        store.assign_task(&first, Some(&desk.lawyer)).await.unwrap();
        let open = store.open_tasks(10).await.unwrap();
        assert_eq!(
            (open.len(), open[0].assignee.as_ref()),
            (1, Some(&desk.lawyer))
        );
        store
            .finish_task(&first, desk.lawyer.as_str())
            .await
            .unwrap();
        assert!(store.open_tasks(10).await.unwrap().is_empty());
        assert_ne!(store.open_task("alignment", "v1").await.unwrap(), first);
        assert_eq!(store.setting("name").await.unwrap(), None);
        store.set_setting("name", "Один", "test").await.unwrap();
        store.set_setting("name", "Два", "test").await.unwrap();
        assert_eq!(store.setting("name").await.unwrap().as_deref(), Some("Два"));
    });
}
