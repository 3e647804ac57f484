//! How far a long work is: a bar on a terminal, a line now and then everywhere else.

use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// How often a work that nobody watches on a terminal says how far it is.
const SAY_EVERY: Duration = Duration::from_secs(20);

/// Goes away when dropped.
pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    said: Cell<Instant>,
}

impl Progress {
    /// Progress of `total` steps of `what`, in the user's words.
    pub fn new(what: &'static str, total: usize) -> Self {
        let bar = ProgressBar::new(total as u64);
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        Self {
            bar,
            what,
            said: Cell::new(Instant::now()),
        }
    }

    /// `done` more steps are behind us.
    pub fn step(&self, done: usize) {
        self.bar.inc(done as u64);
        if self.bar.is_hidden() && self.said.get().elapsed() >= SAY_EVERY {
            let total = self.bar.length().unwrap_or_default();
            eprintln!("{}: {} из {total}", self.what, self.bar.position());
            self.said.set(Instant::now());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
