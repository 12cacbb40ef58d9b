//! A line from a process to the database that can be cut and mended.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;

use super::database::Database;
use super::support::postgres::Server;

/// A line to a server.
pub struct Line {
    port: u16,
    name: String,
    is_cut: watch::Sender<bool>,
    /// Ends the thread with the test.
    _stop: tokio::sync::oneshot::Sender<()>,
}

impl Line {
    pub fn to(server: &Server, database: &Database) -> Self {
        let Database::Postgres(url) = database else { panic!("only a server has a line") };
        let name = url.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (is_cut, cut) = watch::channel(false);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let socket = server.socket();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                tokio::select! {
                    () = serve(&listener, &socket, cut) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { port, name, is_cut, _stop: stop }
    }

    /// The database at the other end.
    pub fn database(&self) -> Database {
        Database::Postgres(format!("postgres://housevoice@127.0.0.1:{}/{}?sslmode=disable", self.port, self.name))
    }

    /// Nothing goes through any more, and nobody is told: what is sent is swallowed.
    pub fn cut(&self) {
        self.is_cut.send_replace(true);
    }

    /// It can be used again; what was on it is broken off.
    pub fn mend(&self) {
        self.is_cut.send_replace(false);
    }
}

async fn serve(listener: &TcpListener, socket: &std::path::Path, cut: watch::Receiver<bool>) {
    loop {
        let Ok((mut stream, _)) = listener.accept().await else { continue };
        let (socket, mut cut) = (socket.to_owned(), cut.clone());
        tokio::spawn(async move {
            // Whoever calls while the line is cut hears nothing.
            let _ = cut.wait_for(|cut| !cut).await;
            let Ok(mut server) = UnixStream::connect(socket).await else { return };
            let was_cut = tokio::select! {
                _ = copy_bidirectional(&mut stream, &mut server) => false,
                _ = cut.wait_for(|cut| *cut) => true,
            };
            if was_cut {
                let _ = cut.wait_for(|cut| !cut).await;
            }
        });
    }
}
