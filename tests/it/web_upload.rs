//! A file of law handed in by a page: who may, what is refused, and that nothing of it stays behind.

use crate::web::{Answered, Kit, Visitor};
use axum::body::Body;
use axum::http::{Method, StatusCode};

const EDGE: &str = "XedgeX";

fn part(name: &str, file: Option<&str>, body: &[u8]) -> Vec<u8> {
    let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
    let head = format!(
        "--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    [head.as_bytes(), body, b"\r\n"].concat()
}

async fn hand_in(kit: &Kit, visitor: &Visitor, origin: &str, parts: &[Vec<u8>]) -> Answered {
    let body = [parts.concat(), format!("--{EDGE}--\r\n").into_bytes()].concat();
    let request = visitor
        .request(Method::POST, "/admin/law")
        .header("origin", origin)
        .header(
            "content-type",
            format!("multipart/form-data; boundary={EDGE}"),
        )
        .body(Body::from(body));
    kit.send(request.unwrap()).await
}

const OWN: &str = "http://desk.test";

#[tokio::test]
async fn an_administrator_hands_a_file_in_and_nothing_of_it_stays_in_the_folder() {
    let kit = Kit::new(0).await;
    let administrator = kit.visitor("administrator").await;
    let page = kit.get(&administrator, "/admin/law").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("enctype=\"multipart/form-data\""));
    let token = part("csrf", None, administrator.csrf.as_bytes());
    let file = part("file", Some("../../Кодекс <b>.html"), "не закон".as_bytes());
    let sent = hand_in(&kit, &administrator, OWN, &[token, file]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.body.contains("Файл не принят."));
    assert!(sent.body.contains("Кодекс b.html: это не закон."));
    let taken = kit.desk.taken.lock().unwrap();
    let [(path, bytes)] = &taken[..] else {
        panic!("one file came in")
    };
    assert_eq!(bytes, "не закон".as_bytes());
    assert!(!path.exists() && !path.parent().unwrap().exists());
}

#[tokio::test]
async fn a_file_without_our_token_or_from_elsewhere_is_not_taken() {
    let kit = Kit::new(0).await;
    let administrator = kit.visitor("administrator").await;
    let token = || part("csrf", None, administrator.csrf.as_bytes());
    let file = || part("file", Some("tk.html"), b"x");
    let wrong = part("csrf", None, b"0000");
    let long = part("csrf", None, &vec![b'0'; 10_000]);
    for parts in [
        vec![file()],
        vec![file(), token()],
        vec![wrong, file()],
        vec![long, file()],
        vec![],
    ] {
        let sent = hand_in(&kit, &administrator, OWN, &parts).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
    }
    let foreign = hand_in(&kit, &administrator, "http://evil.test", &[token(), file()]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    assert!(kit.desk.taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn only_an_administrator_hands_in() {
    let kit = Kit::new(0).await;
    for who in ["member", "steward", "lawyer", "staff"] {
        let visitor = kit.visitor(who).await;
        let token = part("csrf", None, visitor.csrf.as_bytes());
        let sent = hand_in(&kit, &visitor, OWN, &[token, part("file", Some("a"), b"x")]).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN, "{who}");
    }
    let nobody = Visitor::default();
    let sent = hand_in(&kit, &nobody, OWN, &[part("file", Some("a"), b"x")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert!(kit.desk.taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn no_file_a_broken_form_and_one_too_large_are_told_apart() {
    let kit = Kit::new(0).await;
    let administrator = kit.visitor("administrator").await;
    let token = || part("csrf", None, administrator.csrf.as_bytes());
    for parts in [
        vec![token()],
        vec![token(), part("file", Some(""), b"")],
        vec![token(), part("other", None, b"x")],
    ] {
        let sent = hand_in(&kit, &administrator, OWN, &parts).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sent.body.contains("Файл не выбран или пуст"));
    }
    // A form of another kind carries no file.
    let plain = kit
        .post(&administrator, "/admin/law", &[("file", "x")])
        .await;
    assert_eq!(plain.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The connection is cut in the middle of the file.
    let cut = [token(), part("file", Some("tk.html"), b"half")].concat();
    let request = administrator
        .request(Method::POST, "/admin/law")
        .header("origin", OWN)
        .header(
            "content-type",
            format!("multipart/form-data; boundary={EDGE}"),
        )
        .body(Body::from(cut[..cut.len() - 4].to_vec()));
    let sent = kit.send(request.unwrap()).await;
    assert!(sent.status.is_client_error(), "{}", sent.status);
    for size in [(64 << 20) + 1, 66 << 20] {
        let large = part("file", Some("tk.html"), &vec![b' '; size]);
        let sent = hand_in(&kit, &administrator, OWN, &[token(), large]).await;
        assert_eq!(sent.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(sent.body.contains("Файл больше 64"), "{}", sent.body);
    }
    assert!(kit.desk.taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_is_said_about_a_file_goes_with_it_and_is_kept_where_it_is_refused() {
    let kit = Kit::new(0).await;
    let administrator = kit.visitor("administrator").await;
    let send = async |said: &[(&str, &str)]| {
        let mut parts = vec![part("csrf", None, administrator.csrf.as_bytes())];
        parts.extend(said.iter().map(|(k, v)| part(k, None, v.as_bytes())));
        parts.push(part("file", Some("письмо.txt"), b"x"));
        hand_in(&kit, &administrator, OWN, &parts).await
    };
    let letter = [
        ("kind", "court"),
        ("issuer", "Учебный суд"),
        ("date", "2024-05-01"),
        ("number", "7-у"),
        ("url", ""),
    ];
    let taken = send(&letter).await;
    assert_eq!(taken.status, StatusCode::OK);
    for shown in [
        "&#60;b&#62;сторожах",
        "Учебный суд",
        "№ 7-у",
        "Названо норм: 3",
    ] {
        let body = taken.body.replace('\u{a0}', " ");
        assert!(body.contains(shown), "{shown}");
    }
    let told = kit.desk.told.lock().unwrap().pop().unwrap();
    assert_eq!(told.issuer.as_deref(), Some("Учебный суд"));
    assert_eq!((told.number.as_deref(), told.url), (Some("7-у"), None));
    assert_eq!(told.day, Some(jiff::civil::date(2024, 5, 1)));

    let law = send(&[("act", "fz-10"), ("edition", "2024-08-08")]).await;
    assert_eq!(law.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(law.body.contains("value=\"fz-10\"") && law.body.contains("value=\"2024-08-08\""));
    assert_eq!(kit.desk.told.lock().unwrap().len(), 1);
    for (said, fault) in [
        (vec![("act", "fz-10"), ("kind", "court")], "чем-то одним"),
        (vec![("date", "вчера")], "Не удалось понять дату"),
        (vec![("edition", "2024-02-31")], "Не удалось понять дату"),
    ] {
        let refused = send(&said).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(fault), "{fault}");
    }
    let long = "ы".repeat(5_000);
    assert_eq!(
        send(&[("issuer", &long)]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        kit.desk.told.lock().unwrap().len(),
        1,
        "no such file came in"
    );
}

#[tokio::test]
async fn texts_beside_the_law_are_listed_with_their_marks_page_by_page() {
    let kit = Kit::new(0).await;
    let administrator = kit.visitor("administrator").await;
    let list = async |query: &str| {
        let path = format!("/admin/law/practice{query}");
        let page = kit.get(&administrator, &path).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        page.body.replace('\u{a0}', " ")
    };
    let first = list("").await;
    assert!(first.contains("clarification с 0") && first.contains("41 текст"));
    assert!(first.contains("С тех пор норма изменилась:"));
    assert!(first.contains("page=2") && !first.contains("page=0"));
    let last = list("?kind=court&page=3").await;
    assert!(last.contains("court с 40") && last.contains("page=2") && !last.contains("page=4"));
    for odd in ["?page=-5", "?page=x", "?kind=law"] {
        assert!(list(odd).await.contains("clarification с 0"), "{odd}");
    }
    list("?page=9223372036854775807").await;
}

#[tokio::test]
async fn an_administrator_decides_what_is_unclear_between_two_editions() {
    let kit = Kit::new(0).await;
    let administrator = kit.visitor("administrator").await;
    let path = "/admin/law/alignments";
    let page = kit.get(&administrator, &format!("{path}?act=tk")).await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in [
        "нормы ждут решения",
        "Чем это было в редакции от",
        "Чем это стало в редакции от",
        "2\u{a0}вопроса",
        "61 %",
        "Ничем: это новая норма",
        "name=\"choice.review-1\" value=\"to:tk:392:3\"",
        "&#60;b&#62;нормы",
        "Прежняя &#60;i&#62;строка",
        "Такой статьи здесь нет.",
        "article=392",
        "Остальные появятся",
    ] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    // What holds now is said once of each question.
    assert_eq!(page.body.matches("— так сейчас").count(), 2);
    let both = [("act", "tk"), ("id", "review-1"), ("id", "review-2")];
    let with = |more: &[(&'static str, &'static str)]| [&both, more].concat();
    for (fields, said) in [
        (with(&[]), "Отметьте хотя бы один ответ."),
        (
            with(&[("choice.review-1", "else")]),
            "Отметьте хотя бы один ответ.",
        ),
        (
            with(&[("choice.strange", "alone")]),
            "Отметьте хотя бы один ответ.",
        ),
    ] {
        let none = kit.post(&administrator, path, &fields).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.body.contains(said), "{}", none.body);
    }
    // What was marked stays marked where it could not be taken.
    let refused = with(&[
        ("id", "refused"),
        ("choice.refused", "alone"),
        ("choice.review-1", "to:tk:392:3"),
    ]);
    let refused = kit.post(&administrator, path, &refused).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("одной из редакций нет."));
    assert!(refused.body.contains("value=\"to:tk:392:3\" checked"));
    assert!(kit.desk.decided.lock().unwrap().is_empty());
    let to = with(&[("choice.review-1", "to:tk:392:3"), ("rest", "accept")]);
    let to = kit.post(&administrator, path, &to).await;
    assert_eq!(
        to.location(),
        "/admin/law/alignments?act=tk&decided=2&passed=0"
    );
    let answers: Vec<String> = kit
        .desk
        .decided
        .lock()
        .unwrap()
        .iter()
        .map(|one| format!("{}: {:?}", one.1, one.2))
        .collect();
    assert_eq!(answers, ["review-1: To(\"tk:392:3\")", "review-2: Accept"]);
    let page = kit.get(&administrator, to.location()).await;
    assert!(page.body.contains("Спорных мест нет."));
    assert!(page.body.contains("Решены 2\u{a0}вопроса."));
    let foreign = kit.get(&administrator, &format!("{path}?act=../x")).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
}
