//! The peer: axum and one durable insert per request, and nothing else.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::load::Target;

/// A running peer; killed when dropped.
pub(crate) struct Peer {
    process: Child,
    pub(crate) call: Target,
}

impl Peer {
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("--peer")
            .arg(folder.join("peer.db"))
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("no output")?).read_line(&mut line)?;
        let call = Target {
            address: line.trim().parse()?,
            path: "/calls".to_owned(),
            headers: Vec::new(),
            body: json!({"purpose": "信贷审核", "parameters": {"code": "91440300X", "name": "公司"}}).to_string(),
        };
        Ok(Self { process, call })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // A peer that has ended already needs no ending.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

pub(crate) async fn serve(file: &str) -> Result<()> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(30));
    // One connection: SQLite has one writer, and waiting in the pool is cheaper than in its lock.
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    sqlx::query("CREATE TABLE calls (id integer PRIMARY KEY, request text NOT NULL)")
        .execute(&pool)
        .await?;
    let router = Router::new().route("/calls", post(insert)).with_state(pool);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

async fn insert(State(pool): State<SqlitePool>, Json(request): Json<Value>) -> Json<Value> {
    let done = sqlx::query("INSERT INTO calls (request) VALUES ($1)")
        .bind(request.to_string())
        .execute(&pool)
        .await;
    Json(json!({"id": done.map(|done| done.last_insert_rowid()).unwrap_or_default()}))
}
