//! Wire types, problem codes and OpenAPI schemas.
