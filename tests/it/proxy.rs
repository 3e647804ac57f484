//! A TCP proxy that breaks on demand: it stands before a server and is down, slow or well.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the line to the server is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Everything passes.
    Well,
    /// Every piece of data waits this long, both ways.
    Slow(Duration),
    /// Connections are taken and data swallowed: nobody ever answers.
    Silent,
    /// Open connections are cut, new ones closed at once.
    Down,
}

/// A proxy on a port of its own, stopped when dropped.
pub struct Proxy {
    address: SocketAddr,
    line: watch::Sender<Line>,
    // Its threads end with it.
    _runtime: Arc<tokio::runtime::Runtime>,
}

impl Proxy {
    /// Starts a proxy before `server` (`host:port`, which need not be up).
    pub fn before(server: &str) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let (line, seen) = watch::channel(Line::Well);
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let server = server.to_owned();
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, server.clone(), seen.clone()));
            }
        });
        Ok(Self {
            address,
            line,
            _runtime: Arc::new(runtime),
        })
    }

    /// Where to connect instead of the server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes the line, also for connections that are open.
    pub fn set(&self, line: Line) {
        self.line.send_replace(line);
    }
}

async fn serve(client: TcpStream, server: String, seen: watch::Receiver<Line>) {
    let mut cut = seen.clone();
    let pass = async {
        // Kept open and unread: the other side waits.
        while *seen.borrow() == Line::Silent {
            if seen.clone().changed().await.is_err() {
                return;
            }
        }
        let Ok(server) = TcpStream::connect(&server).await else {
            return;
        };
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::join!(
            copy(from_client, to_server, seen.clone()),
            copy(from_server, to_client, seen.clone()),
        );
    };
    tokio::select! {
        () = pass => {}
        _ = cut.wait_for(|line| *line == Line::Down) => {}
    }
}

/// Copies until one side closes, as fast as the line allows.
async fn copy(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut seen: watch::Receiver<Line>,
) {
    let mut piece = vec![0u8; 64 * 1024];
    while let Ok(read) = from.read(&mut piece).await {
        let line = *seen.borrow_and_update();
        match line {
            Line::Slow(pause) => tokio::time::sleep(pause).await,
            Line::Silent => {
                if seen.wait_for(|line| *line != Line::Silent).await.is_err() {
                    return;
                }
            }
            Line::Well | Line::Down => {}
        }
        if read == 0 || to.write_all(&piece[..read]).await.is_err() {
            let _ = to.shutdown().await;
            return;
        }
    }
}
