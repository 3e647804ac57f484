//! A place where a stub can be made to wait, so that a test knows what the program is doing.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Armed, it stops the first who comes for a while, and says that somebody came.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    Open,
    Armed(Duration),
    Reached,
}

impl Gate {
    /// Stops the next who comes for `hold`.
    pub fn arm(&self, hold: Duration) {
        *self.0.0.lock().unwrap() = State::Armed(hold);
    }

    /// Called by the stub.
    pub fn pass(&self) {
        let mut state = self.0.0.lock().unwrap();
        if let State::Armed(hold) = *state {
            *state = State::Reached;
            self.0.1.notify_all();
            let held = |state: &mut State| *state == State::Reached;
            drop(self.0.1.wait_timeout_while(state, hold, held).unwrap());
        }
    }

    /// Lets through whoever is held.
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = State::Open;
        self.0.1.notify_all();
    }

    /// Waits until somebody came.
    pub fn reached(&self) {
        let state = self.0.0.lock().unwrap();
        let (state, _) = self
            .0
            .1
            .wait_timeout_while(state, super::house::PATIENCE, |state| {
                *state != State::Reached
            })
            .unwrap();
        assert!(*state == State::Reached, "nobody came to the gate");
    }
}

/// Something between nothing and `most` ms.
pub fn at_random(most: u64) -> Duration {
    Duration::from_millis(rand::random_range(0..=most))
}
