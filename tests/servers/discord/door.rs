//! The listening socket, with a way to cut a connection in the middle of an answer, or to let it drip.

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

/// Cuts the connection it belongs to: nothing is written any more. Or lets it drip.
#[derive(Clone, Default)]
pub struct Cut {
    is_cut: Arc<AtomicBool>,
    /// The pause before each drop, in milliseconds; 0 while it flows.
    pause: Arc<AtomicU64>,
}

impl Cut {
    /// The next write fails, and with it the connection.
    pub fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
    }

    /// From now on so long a pause stands before every few bytes; none: it flows again.
    pub fn drip(&self, pause: Option<Duration>) {
        self.pause.store(pause.map_or(0, |pause| pause.as_millis() as u64), Ordering::SeqCst);
    }

    fn pause(&self) -> Option<Duration> {
        Some(self.pause.load(Ordering::SeqCst)).filter(|pause| *pause > 0).map(Duration::from_millis)
    }

    fn refuse(&self) -> Option<io::Error> {
        self.is_cut.load(Ordering::SeqCst).then(|| io::Error::from(io::ErrorKind::ConnectionReset))
    }
}

/// Takes connections.
pub struct Door(pub TcpListener);

/// A connection.
pub struct Wire {
    stream: TcpStream,
    cut: Cut,
    /// Until when the next drop hangs.
    drop: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Listener for Door {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        loop {
            if let Ok((stream, address)) = self.0.accept().await {
                let _ = stream.set_nodelay(true);
                return (Wire { stream, cut: Cut::default(), drop: None }, address);
            }
            tokio::task::yield_now().await;
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Door>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Cut {
        stream.io().cut.clone()
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if let Some(error) = self.cut.refuse() {
            return Poll::Ready(Err(error));
        }
        let Some(pause) = self.cut.pause() else { return Pin::new(&mut self.stream).poll_write(cx, buf) };
        let drop = self.drop.get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
        ready!(drop.as_mut().poll(cx));
        self.drop = None;
        Pin::new(&mut self.stream).poll_write(cx, &buf[..buf.len().min(DROP)])
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.cut.refuse() {
            Some(error) => Poll::Ready(Err(error)),
            None => Pin::new(&mut self.stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
