//! The one place where what went wrong becomes a response (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gongshu_api::problem::{Location, Problem, RowProblem, status_of};
use gongshu_app::AppError;
use gongshu_app::store::Outage;

use crate::view;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A use case said no.
    #[error(transparent)]
    App(#[from] AppError),
    /// Nobody is signed in, or the key is unknown.
    #[error("sign in, or send a valid API key")]
    Unauthorized,
    /// A state-changing request by cookie without the header of our own pages.
    #[error("the request needs the header `X-Gongshu: 1`")]
    ForeignPage,
    /// The body or a path cannot be read.
    #[error("{0}")]
    Malformed(String),
    /// The body is longer than so many bytes.
    #[error("the request is longer than {0} bytes")]
    TooLong(usize),
}

impl From<tower_sessions::session::Error> for Failure {
    fn from(error: tower_sessions::session::Error) -> Self {
        use tower_sessions::session::Error::{SerdeJson, Store};
        use tower_sessions::session_store::Error::Backend;
        match error {
            Store(Backend(reason)) => {
                tracing::error!(%reason, "the store of sessions cannot serve");
                Self::App(AppError::Store(Outage::Unreachable))
            }
            Store(other) => Self::App(AppError::Internal(other.to_string())),
            SerdeJson(other) => Self::App(AppError::Internal(other.to_string())),
        }
    }
}

impl Failure {
    fn problem(self) -> Problem {
        let plain = |status: u16, code: &str, zh: &str, en: &str| Problem {
            kind: format!("/problems/{code}"),
            title: zh.to_owned(),
            status,
            detail: format!("{zh}；{en}"),
            code: code.to_owned(),
            refusal: None,
            location: None,
            rows: Vec::new(),
            receipt: None,
            sql_opening: None,
        };
        match self {
            Self::Unauthorized => plain(
                401,
                "session.missing",
                "请登录，或使用有效的接口密钥",
                "sign in, or send a valid API key",
            ),
            Self::ForeignPage => plain(
                403,
                "session.foreign-page",
                "请求缺少 X-Gongshu 头",
                "the request needs the header `X-Gongshu: 1`",
            ),
            Self::Malformed(reason) => plain(400, "request.malformed", "请求内容无法读取", &reason),
            Self::TooLong(most) => plain(
                413,
                "request.too-long",
                &format!("内容超过上限 {most} 字节"),
                &format!("this is longer than {most} bytes"),
            ),
            Self::App(AppError::Refused {
                refusal,
                location,
                receipt,
                ..
            }) => {
                let title = refusal.message.zh.clone();
                Problem {
                    refusal: Some((*refusal.clone()).into()),
                    location: location.map(|(line, column)| Location { line, column }),
                    receipt: receipt.map(|receipt| view::receipt(*receipt)),
                    ..plain(status_of(&refusal.rule), &refusal.rule, &title, &refusal.message.en)
                }
            }
            Self::App(AppError::Recorded { error, receipt, sql }) => Problem {
                receipt: Some(view::receipt(*receipt)),
                sql_opening: sql.map(view::opening),
                ..Self::App(*error).problem()
            },
            Self::App(AppError::Ingest { message, rows }) => {
                let row = |row: gongshu_app::RowProblem| RowProblem {
                    line: row.line,
                    column: row.column,
                    field: row.field,
                    message: row.message.into(),
                };
                let rows = rows.into_iter().map(row).collect();
                Problem {
                    rows,
                    ..plain(422, "ingest.rejected", &message.zh, &message.en)
                }
            }
            Self::App(AppError::FileAltered(text)) => plain(500, "file.altered", &text.zh, &text.en),
            Self::App(AppError::Upload(reason)) => plain(
                400,
                "file.incomplete",
                "文件未完整收到，请重新上传",
                &format!("the file did not arrive whole, put it there again: {reason}"),
            ),
            Self::App(AppError::Limit(text)) => plain(422, "query.limit", &text.zh, &text.en),
            Self::App(AppError::Proposal(text)) => plain(422, "rules.proposal", &text.zh, &text.en),
            Self::App(error) => {
                if let Some(text) = error.outage() {
                    return plain(503, error.code(), &text.zh, &text.en);
                }
                let (status, zh) = match &error {
                    AppError::Login => (401, "账号或密码不正确"),
                    AppError::TooManySignIns(_) => (429, "登录失败次数过多，请稍后再试"),
                    AppError::AnswerGone(_) => (409, "数据已更新，无法重现同一答案"),
                    AppError::Erased(_) => (410, "该次调用的内容已依法删除，回执仍可核验"),
                    AppError::TryBusy => (429, "另一规则包正在试算，请待其完成后再试"),
                    AppError::TryTime(_) => (422, "试算超过时限，请由运维人员在服务器上以 gongshu rules what-if 办理"),
                    AppError::KeyReused(_) => (422, "幂等键已用于另一请求"),
                    _ => (500, "平台内部错误，未作任何更改"),
                };
                if status == 500 {
                    tracing::error!(%error, "a request failed");
                    return plain(500, "internal", zh, "the platform failed; nothing was changed");
                }
                plain(status, error.code(), zh, &error.to_string())
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(problem)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            let seconds = HeaderValue::from(gongshu_app::RETRY_SECONDS);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}
