//! A server as a process of its own: started, killed, asked to end.

use super::browser::{self, Outcome};
use super::house::{House, PATIENCE};
use crate::web::Visitor;
use soyuznik::case::CaseId;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A running server; ended when dropped.
pub struct Served {
    child: Child,
    pub address: SocketAddr,
}

impl House {
    /// Starts the server on a free port and waits until it answers.
    pub fn serve(&self) -> Served {
        for _ in 0..3 {
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = free.local_addr().unwrap();
            drop(free);
            let mut child = self
                .command(&["serve", "--listen", &address.to_string()])
                .args(&self.words)
                .stdout(self.log("out"))
                .stderr(self.log("err"))
                .stdin(Stdio::null())
                .spawn()
                .unwrap();
            if answers(&mut child, address) {
                return Served { child, address };
            }
            // Somebody took the port in between.
            assert_eq!(child.wait().unwrap().code(), Some(4), "{}", self.said());
        }
        panic!("no free port: {}", self.said());
    }
}

fn answers(child: &mut Child, address: SocketAddr) -> bool {
    let begun = Instant::now();
    let nobody = Visitor::default();
    while child.try_wait().unwrap().is_none() {
        if let Outcome::Whole(answered) = browser::get(address, &nobody, "/livez") {
            return answered.body == "ok\n";
        }
        assert!(begun.elapsed() < PATIENCE, "the server does not answer");
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

impl Served {
    /// Ends the process as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the process to end, as a service manager does.
    pub fn terminate(&self) {
        let pid = self.child.id();
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -TERM {pid}")])
            .status();
        assert!(sent.unwrap().success());
    }

    /// How the process ended by itself, and after how long.
    pub fn ended(&mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, begun.elapsed());
            }
            assert!(begun.elapsed() < PATIENCE, "the process does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Posts a question and returns its case.
    pub fn ask(&self, house: &House, text: &str) -> CaseId {
        let key = uuid::Uuid::now_v7().to_string();
        let sent = browser::post(
            self.address,
            &house.member,
            "/ask",
            &[("text", text), ("key", &key)],
        );
        let path = sent.accepted().expect("a question is accepted");
        CaseId::from(path.rsplit('/').next().unwrap())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
