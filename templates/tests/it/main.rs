//! The template root against the facts that plugins and sites rely on. What the templates render
//! to is the business of the tests of the whole product.

mod facts;
mod settings;
mod table;
