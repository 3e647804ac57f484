use super::server::{Answer, Heard, Server, nobody};
use serde_json::{Value, json};
use soyuznik::config::Config;
use soyuznik::model::registry::Registry;
use soyuznik::model::worker::{GeneratorHandle, Health};
use soyuznik::model::{
    Cancel, EmbedText, Embedder, Finished, Grammar, JudgeRequest, ModelError, Purpose,
    RemoteEmbedder, RemoteServer, Request, open_embedder, open_generator,
};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(60);

fn generator(url: &str) -> GeneratorHandle {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config {
        data_dir: folder.path().to_owned(),
        ..Config::default()
    };
    config.model.generator = "remote".into();
    config.model.remote_url = format!("{url}/");
    config.model.remote_model = "big".into();
    // A variable that every process has: the key is read from the one that the settings name.
    config.model.remote_key_env = "CARGO_PKG_NAME".into();
    let registry = Registry::open(&config).unwrap();
    open_generator(&config, &registry).unwrap().unwrap()
}

fn request(grammar: Grammar) -> Request {
    Request {
        system: "Ты помощник".into(),
        user: "Меня уволили без приказа".into(),
        prefix: String::new(),
        max_tokens: 50,
        temperature: 0.0,
        seed: 3,
        stop: vec!["КОНЕЦ".into()],
        grammar,
    }
}

fn spans() -> Grammar {
    Grammar::SpansOf {
        text: "Меня уволили без приказа".into(),
        max_spans: 2,
        max_words: 5,
    }
}

fn said(text: &str) -> Answer {
    let body = json!({
        "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 21, "completion_tokens": 4},
    });
    Answer::new(200, body.to_string())
}

fn sent(heard: &Heard) -> Value {
    serde_json::from_str(&heard.body).unwrap()
}

#[tokio::test]
async fn a_chat_goes_out_whole_and_the_reply_comes_back() {
    let server = Server::start(|_| said("Уволили незаконно [1]."));
    let handle = generator(&server.url);
    let reply = handle.generate(request(Grammar::Free), LONG).await.unwrap();
    assert_eq!(reply.text, "Уволили незаконно [1].");
    assert_eq!((reply.prompt_tokens, reply.output_tokens), (21, 4));
    assert_eq!(reply.finished, Finished::Stop);
    let heard = &server.heard()[0];
    assert_eq!(heard.path, "/v1/chat/completions");
    if let Ok(key) = std::env::var("CARGO_PKG_NAME") {
        assert_eq!(
            heard.header("authorization"),
            Some(format!("Bearer {key}").as_str())
        );
    }
    let body = sent(heard);
    assert_eq!(body["model"], "big");
    assert_eq!(body["messages"][0]["content"], "Ты помощник");
    assert_eq!(body["messages"][1]["content"], "Меня уволили без приказа");
    assert_eq!(
        (&body["seed"], &body["max_tokens"]),
        (&json!(3), &json!(50))
    );
    assert_eq!(body["stop"], json!(["КОНЕЦ"]));
}

#[tokio::test]
async fn a_reply_out_of_form_is_asked_again_once_and_then_refused() {
    let server = Server::start(
        |heard| match sent(heard)["messages"].as_array().unwrap().len() {
            2 => said("Факты: увольнение."),
            _ => said("- Меня уволили\n- без приказа\n"),
        },
    );
    let reply = generator(&server.url)
        .generate(request(spans()), LONG)
        .await
        .unwrap();
    assert_eq!(reply.text, "- Меня уволили\n- без приказа");
    assert_eq!(server.heard().len(), 2);

    let stubborn = Server::start(|_| said("- Меня незаконно уволили"));
    let error = generator(&stubborn.url)
        .generate(request(spans()), LONG)
        .await
        .unwrap_err();
    assert!(matches!(error, ModelError::OutOfForm { .. }), "{error}");
    assert_eq!(stubborn.heard().len(), 2);
}

fn judge_request() -> JudgeRequest {
    JudgeRequest {
        system: "Суди".into(),
        shared: "Вопрос".into(),
        items: vec!["первое".into(), "второе".into()],
    }
}

#[tokio::test]
async fn judgements_are_probabilities_where_the_server_gives_them() {
    let server = Server::start(|heard| {
        let user = sent(heard)["messages"][1]["content"]
            .as_str()
            .unwrap()
            .to_owned();
        let (yes, no): (f64, f64) = if user.ends_with("первое") {
            (0.6, 0.2)
        } else {
            (0.1, 0.9)
        };
        let body = json!({"choices": [{
            "message": {"content": "да"},
            "logprobs": {"content": [{"token": "да", "top_logprobs": [
                {"token": "да", "logprob": yes.ln()},
                {"token": "нет", "logprob": no.ln()},
            ]}]},
        }], "usage": {"prompt_tokens": 10}});
        Answer::new(200, body.to_string())
    });
    let judged = generator(&server.url)
        .judge(judge_request(), LONG)
        .await
        .unwrap();
    assert!((judged.probabilities[0] - 0.75).abs() < 1e-4, "{judged:?}");
    assert!((judged.probabilities[1] - 0.1).abs() < 1e-4, "{judged:?}");
    assert_eq!(judged.prompt_tokens, 20);
    assert_eq!(
        sent(&server.heard()[0])["messages"][1]["content"],
        "Вопрос\n\nпервое"
    );
}

#[tokio::test]
async fn a_server_that_refuses_probabilities_is_asked_for_the_word() {
    let server = Server::start(|heard| {
        let body = sent(heard);
        if body.get("logprobs").is_some() {
            return Answer::new(400, "{}");
        }
        let user = body["messages"][1]["content"].as_str().unwrap();
        said(if user.ends_with("первое") {
            "Да."
        } else {
            "Нет"
        })
    });
    let judged = generator(&server.url)
        .judge(judge_request(), LONG)
        .await
        .unwrap();
    assert_eq!(judged.probabilities, [1.0, 0.0]);
    assert_eq!(server.heard().len(), 3, "the refusal is remembered");
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_is_told_without_the_servers_words() {
    for (status, code) in [
        (401, "model_remote"),
        (404, "model_remote"),
        (429, "model_busy"),
        (500, "model_remote"),
    ] {
        let server = Server::start(move |_| Answer::new(status, "секретный вопрос"));
        let error = generator(&server.url)
            .generate(request(Grammar::Free), LONG)
            .await
            .unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(!error.to_string().contains("секретный"), "{error}");
    }
    let server = Server::start(|_| Answer::new(200, "not json"));
    let error = generator(&server.url)
        .generate(request(Grammar::Free), LONG)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "model_remote");
    let error = generator(&nobody())
        .generate(request(Grammar::Free), LONG)
        .await
        .unwrap_err();
    assert_eq!((error.code(), error.exit_code()), ("network", 6));
}

#[tokio::test]
async fn a_server_that_does_not_answer_costs_the_deadline_and_no_more() {
    let server = Server::start(|_| {
        std::thread::sleep(Duration::from_secs(20));
        said("поздно")
    });
    let within = Duration::from_millis(300);
    let error = generator(&server.url)
        .generate(request(Grammar::Free), within)
        .await
        .unwrap_err();
    assert_eq!(error, ModelError::Deadline);
}

fn vectors(heard: &Heard) -> Answer {
    let inputs = sent(heard)["input"].as_array().unwrap().clone();
    let data: Vec<Value> = inputs
        .iter()
        .enumerate()
        .rev()
        .map(|(at, text)| json!({"index": at, "embedding": [text.as_str().unwrap().len(), 1, 0]}))
        .collect();
    Answer::new(200, json!({"data": data}).to_string())
}

#[test]
fn remote_vectors_come_in_order_at_length_one_with_the_prompts_of_their_model() {
    let server = Server::start(vectors);
    let remote = RemoteServer::new(&server.url, "");
    let embedder = RemoteEmbedder::connect(remote, "google/embeddinggemma-300m").unwrap();
    assert_eq!(embedder.dimension(), 3);
    let title = Some("Отпуск".to_owned());
    let texts = [
        EmbedText {
            text: "короткий".into(),
            purpose: Purpose::Query,
        },
        EmbedText {
            text: "намного длиннее".into(),
            purpose: Purpose::Passage { title },
        },
    ];
    let vectors = embedder.embed(&texts, &Cancel::new()).unwrap();
    for vector in &vectors {
        assert!((vector.iter().map(|v| v * v).sum::<f32>() - 1.0).abs() < 1e-5);
    }
    let heard = server.heard();
    let last = sent(heard.last().unwrap());
    assert_eq!(last["input"][0], "task: search result | query: короткий");
    assert_eq!(last["input"][1], "title: Отпуск | text: намного длиннее");
    assert!(
        vectors[0][1] > vectors[1][1],
        "the longer text has the smaller second number"
    );
    assert_eq!(heard[0].header("authorization"), None);
}

#[tokio::test]
async fn settings_that_cannot_work_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config {
        data_dir: folder.path().to_owned(),
        ..Config::default()
    };
    let registry = Registry::open(&config).unwrap();
    let missing = open_embedder(&config, &registry).unwrap().unwrap();
    let Health::Missing { remedy } = missing.health() else {
        panic!("{:?}", missing.health());
    };
    assert!(
        remedy.contains("soyuznik models pull embeddinggemma-300m"),
        "{remedy}"
    );
    config.model.encoder = "none".into();
    assert!(open_embedder(&config, &registry).unwrap().is_none());
    config.model.encoder = "qwen2.5-coder-1.5b-instruct".into();
    let error = open_embedder(&config, &registry).err().unwrap();
    assert_eq!(error.place(), "model.encoder");
    config.model.generator = "nonesuch".into();
    let error = open_generator(&config, &registry).err().unwrap();
    assert_eq!(error.exit_code(), 3);
    config.model.generator = "qwen3-8b".into();
    let error = open_generator(&config, &registry).err().unwrap();
    assert!(error.to_string().contains("model.remote_url"), "{error}");
    config.model.generator = "remote".into();
    let error = open_generator(&config, &registry).err().unwrap();
    assert_eq!(error.place(), "model.remote_model");
}
