use super::steer::Steer;
use super::{chat, engine_error};
use crate::model::{
    Cancel, Finished, Generator, Grammar, ITEM_GAP, JudgeRequest, Judged, ModelError,
    ModelIdentity, Reply, Request,
};
use soyuznik_engine::generator::{
    Finished as EngineFinished, Free, Generator as Engine, Options, Session,
};
use std::sync::{Mutex, PoisonError};

/// System prompts whose keys and values are kept: there are as many as there are kinds of request.
const KEPT_OPENINGS: usize = 4;

/// Spellings of the two judgements; the first token of each is looked at.
const YES: [&str; 2] = ["да", "Да"];
const NO: [&str; 2] = ["нет", "Нет"];

/// A generator of the engine, of the Qwen family.
pub struct EngineGenerator {
    identity: ModelIdentity,
    engine: Engine,
    yes: Vec<usize>,
    no: Vec<usize>,
    /// What was read of fixed openings, newest last. Held only to copy or put one, never while the model computes.
    openings: Mutex<Vec<(Vec<u32>, Session)>>,
}

impl EngineGenerator {
    /// An opened generator under its identity; fails when its vocabulary can't tell «да» from «нет».
    pub fn new(identity: ModelIdentity, engine: Engine) -> Result<Self, ModelError> {
        let (yes, no) = (first_tokens(&engine, &YES)?, first_tokens(&engine, &NO)?);
        if yes.is_empty() || no.is_empty() || yes.iter().any(|token| no.contains(token)) {
            return Err(ModelError::Unsupported {
                what: format!("словарь модели {} не различает «да» и «нет»", identity.name),
            });
        }
        Ok(Self {
            identity,
            engine,
            yes,
            no,
            openings: Mutex::new(Vec::new()),
        })
    }

    /// A session that has read `opening`, from the kept ones or afresh.
    fn opened(&self, opening: Vec<u32>, cancel: &Cancel) -> Result<Session, ModelError> {
        let kept = || self.openings.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept()
            .iter()
            .find(|(tokens, _)| *tokens == opening)
            .cloned();
        if let Some((_, session)) = found {
            return Ok(session);
        }
        let mut session = self.engine.start();
        self.feed(&mut session, &opening, cancel)?;
        let mut kept = kept();
        if kept.len() >= KEPT_OPENINGS {
            kept.remove(0);
        }
        kept.push((opening, session.clone()));
        Ok(session)
    }

    fn feed(
        &self,
        session: &mut Session,
        tokens: &[u32],
        cancel: &Cancel,
    ) -> Result<Vec<f32>, ModelError> {
        self.engine
            .feed(session, tokens, cancel.engine())
            .map_err(engine_error)
    }

    fn continued(
        &self,
        session: &mut Session,
        logits: Vec<f32>,
        request: &Request,
        cancel: &Cancel,
    ) -> Result<(String, usize, Finished), ModelError> {
        let options = Options {
            max_tokens: request.max_tokens,
            temperature: request.temperature,
            seed: request.seed,
            stop: request.stop.clone(),
        };
        let engine = cancel.engine();
        let generated = match request.grammar.guide() {
            None => self
                .engine
                .generate(session, logits, &options, &mut Free, engine),
            Some(guide) => {
                let mut steer = Steer::new(guide);
                self.engine
                    .generate(session, logits, &options, &mut steer, engine)
            }
        }
        .map_err(engine_error)?;
        let finished = match generated.finished {
            EngineFinished::Length => Finished::Length,
            EngineFinished::Stop | EngineFinished::Constraint => Finished::Stop,
        };
        Ok((generated.text, generated.tokens, finished))
    }

    /// The likeliest of `words` by the product of its tokens' probabilities.
    fn likeliest(
        &self,
        session: &Session,
        logits: &[f32],
        words: &[String],
        cancel: &Cancel,
    ) -> Result<String, ModelError> {
        let mut best: Option<(f32, &String)> = None;
        for word in words {
            let tokens = chat::plain(&self.engine, word)?;
            let mut session = session.clone();
            let mut logits = logits.to_vec();
            let mut score = 0.0;
            for (at, token) in tokens.iter().enumerate() {
                score += log_probability(&logits, *token as usize);
                if at + 1 < tokens.len() {
                    logits = self.feed(&mut session, &[*token], cancel)?;
                }
            }
            if best.is_none_or(|(most, _)| score > most) {
                best = Some((score, word));
            }
        }
        best.map(|(_, word)| word.clone())
            .ok_or_else(|| ModelError::OutOfForm {
                reason: "нет ни одного слова на выбор".into(),
            })
    }

    /// p(«да») against p(«нет») after the prompt whose logits these are.
    fn yes_probability(&self, logits: &[f32]) -> f32 {
        let logit = |token: &usize| logits.get(*token).copied().unwrap_or(f32::NEG_INFINITY);
        let most = self
            .yes
            .iter()
            .chain(&self.no)
            .map(logit)
            .fold(f32::NEG_INFINITY, f32::max);
        let mass = |tokens: &[usize]| tokens.iter().map(|t| (logit(t) - most).exp()).sum::<f32>();
        let (yes, no) = (mass(&self.yes), mass(&self.no));
        yes / (yes + no)
    }
}

impl Generator for EngineGenerator {
    fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Reply, ModelError> {
        let opening = chat::opening(&self.engine, &request.system)?;
        let mut rest = chat::plain(&self.engine, &request.user)?;
        rest.extend(chat::turn(&self.engine)?);
        rest.extend(chat::plain(&self.engine, &request.prefix)?);
        let prompt_tokens = opening.len() + rest.len();
        self.check_fits(prompt_tokens + request.max_tokens)?;
        let mut session = self.opened(opening, cancel)?;
        let logits = self.feed(&mut session, &rest, cancel)?;
        let (text, output_tokens, finished) = match &request.grammar {
            Grammar::OneOf(words) => {
                let word = self.likeliest(&session, &logits, words, cancel)?;
                (word, 1, Finished::Stop)
            }
            _ => self.continued(&mut session, logits, request, cancel)?,
        };
        Ok(Reply {
            text: request.grammar.whole(text),
            prompt_tokens,
            output_tokens,
            finished,
        })
    }

    fn judge(&self, request: &JudgeRequest, cancel: &Cancel) -> Result<Judged, ModelError> {
        let opening = chat::opening(&self.engine, &request.system)?;
        let shared = chat::plain(&self.engine, &format!("{}{ITEM_GAP}", request.shared))?;
        let turn = chat::turn(&self.engine)?;
        let mut prompt_tokens = opening.len() + shared.len();
        let mut session = self.opened(opening, cancel)?;
        self.feed(&mut session, &shared, cancel)?;
        let mut probabilities = Vec::with_capacity(request.items.len());
        for item in &request.items {
            let mut tokens = chat::plain(&self.engine, item)?;
            tokens.extend(&turn);
            prompt_tokens += tokens.len();
            let logits = self.feed(&mut session.clone(), &tokens, cancel)?;
            probabilities.push(self.yes_probability(&logits));
        }
        Ok(Judged {
            probabilities,
            prompt_tokens,
        })
    }
}

impl EngineGenerator {
    /// Fails before anything is computed when the prompt and the reply can't fit.
    fn check_fits(&self, tokens: usize) -> Result<(), ModelError> {
        let limit = self.engine.context_tokens();
        if tokens > limit {
            return Err(ModelError::TooLong { tokens, limit });
        }
        Ok(())
    }
}

fn first_tokens(engine: &Engine, words: &[&str]) -> Result<Vec<usize>, ModelError> {
    let mut tokens = Vec::new();
    for word in words {
        let first = chat::plain(engine, word)?
            .first()
            .map(|token| *token as usize);
        tokens.extend(first.filter(|token| !tokens.contains(token)));
    }
    Ok(tokens)
}

fn log_probability(logits: &[f32], token: usize) -> f32 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - most).exp()).sum();
    logits
        .get(token)
        .map_or(f32::NEG_INFINITY, |logit| logit - most - sum.ln())
}
