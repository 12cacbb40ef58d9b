//! Connections the server can cut without an answer, or let drip.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// How many bytes drip at a time.
const DROP: usize = 16;

/// Cuts one connection: nothing more is written to it. Or lets it drip.
#[derive(Clone, Default)]
pub struct Cut {
    is_cut: Arc<AtomicBool>,
    /// The pause before each drop, in milliseconds; 0 while it flows.
    pause: Arc<AtomicU64>,
}

impl Cut {
    pub fn now(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
    }

    /// From now on so long a pause stands before every few bytes; none: it flows again.
    pub fn drip(&self, pause: Option<Duration>) {
        self.pause.store(pause.map_or(0, |pause| pause.as_millis() as u64), Ordering::SeqCst);
    }

    fn pause(&self) -> Option<Duration> {
        Some(self.pause.load(Ordering::SeqCst)).filter(|pause| *pause > 0).map(Duration::from_millis)
    }

    fn check(&self) -> io::Result<()> {
        if self.is_cut.load(Ordering::SeqCst) { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

/// Accepts connections that can be cut.
pub struct Door(pub TcpListener);

pub struct Line {
    stream: TcpStream,
    cut: Cut,
    /// Until when the next drop hangs.
    drop: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Listener for Door {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        (Line { stream, cut: Cut::default(), drop: None }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Door>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().cut.clone()
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.cut.check()?;
        let Some(pause) = self.cut.pause() else { return Pin::new(&mut self.stream).poll_write(cx, bytes) };
        let drop = self.drop.get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
        ready!(drop.as_mut().poll(cx));
        self.drop = None;
        Pin::new(&mut self.stream).poll_write(cx, &bytes[..bytes.len().min(DROP)])
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
