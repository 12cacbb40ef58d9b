//! One connection to the gateway, from HELLO to its end.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::json;
use tokio::sync::mpsc;

use super::Shared;
use super::gateway::{Line, Out};

/// Speaks with a client until one of the two hangs up.
///
/// Serenity asks in IDENTIFY for `compress: true`; plain text frames are right all the same: docs, events/gateway,
/// Payload Compression, let only payloads in binary frames be compressed.
pub async fn talk(mut socket: WebSocket, shared: Arc<Shared>, resuming: bool) {
    let (out, mut queue) = mpsc::unbounded_channel();
    let mut line = Line { out, session: None };
    let heartbeat = shared.change(|state| {
        state.gateway.at_resume_address += usize::from(resuming);
        state.settings.heartbeat
    });
    let hello = json!({"op": 10, "d": {"heartbeat_interval": heartbeat.as_millis() as u64}, "s": null, "t": null});
    let _ = line.out.send(Out::Frame(hello));
    let code = loop {
        tokio::select! {
            biased;
            next = queue.recv() => match next {
                Some(Out::Frame(frame)) => {
                    if socket.send(Message::text(frame.to_string())).await.is_err() {
                        break None;
                    }
                }
                Some(Out::Close(code, reason)) => {
                    let frame = CloseFrame { code, reason: reason.into() };
                    let _ = socket.send(Message::Close(Some(frame))).await;
                    // The frame gets lost when the socket is dropped with words of the client still unread.
                    let _ = tokio::time::timeout(Duration::from_millis(300), async {
                        while let Some(Ok(_)) = socket.recv().await {}
                    })
                    .await;
                    break Some(code).filter(|code| *code >= 4000);
                }
                Some(Out::Cut) | None => break None,
            },
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => shared.change(|state| state.hear(&mut line, &text)),
                Some(Ok(Message::Close(frame))) => break frame.map(|frame| frame.code),
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {}
                Some(Err(_)) | None => break None,
            },
        }
    };
    shared.change(|state| state.hung_up(&line, code));
}
