//! A mail server on this machine that keeps what it is given, and can be stopped before it says so.

use super::gate::Gate;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Serves until the test process ends.
pub struct Mailbox {
    pub url: String,
    letters: Arc<Mutex<Vec<String>>>,
}

impl Mailbox {
    /// A mailbox whose gate stands between a letter and the word that it was taken.
    pub fn start(gate: Gate) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let letters = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&letters);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, gate) = (Arc::clone(&kept), gate.clone());
                // A client that was killed is not the server's concern.
                std::thread::spawn(move || drop(talk(&stream, &kept, &gate)));
            }
        });
        Self { url, letters }
    }

    /// The letters so far, as they came.
    pub fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }

    pub fn message_ids(&self) -> Vec<String> {
        let letters = self.letters();
        let id = |letter: &String| {
            let line = letter
                .lines()
                .find_map(|line| line.strip_prefix("Message-ID: "));
            line.expect("a letter has a Message-ID").to_owned()
        };
        letters.iter().map(id).collect()
    }
}

fn talk(stream: &TcpStream, kept: &Mutex<Vec<String>>, gate: &Gate) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let say = |line: &str| {
        let mut stream = stream;
        stream.write_all(format!("{line}\r\n").as_bytes())
    };
    say("220 mailbox")?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        match line.trim_end().split(' ').next().unwrap_or_default() {
            "DATA" => {
                say("354 go on")?;
                let Some(letter) = read_letter(&mut reader)? else {
                    return Ok(());
                };
                kept.lock().unwrap().push(letter);
                gate.pass();
                say("250 taken")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 well")?,
        }
    }
}

/// The letter up to the lonely dot; `None` where the connection ends before.
fn read_letter(reader: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut letter = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line.trim_end() == "." {
            return Ok(Some(letter));
        }
        letter.push_str(&line);
    }
}
