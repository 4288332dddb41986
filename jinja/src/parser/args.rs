//! Arguments of calls, and parameters of macros.

use super::Parser;
use crate::Result;
use crate::ast::{CallArgs, Expr, Signature};
use crate::lexer::Kind;

impl Parser<'_> {
    /// Arguments in parentheses, and the height of the highest.
    pub(super) fn call_args(&mut self) -> Result<(CallArgs, u32)> {
        let open = self.expect(Kind::LParen)?;
        let mut args = CallArgs::default();
        let mut height = 0;
        let mut first = true;
        while self.kind() != Kind::RParen {
            if !first {
                self.expect(Kind::Comma)?;
                if self.kind() == Kind::RParen {
                    break;
                }
            }
            first = false;
            let allowed = self.call_arg(&mut args, &mut height)?;
            if !allowed {
                return Err(
                    self.fail_at("invalid syntax for function call expression", open.span())
                );
            }
        }
        self.expect(Kind::RParen)?;
        Ok((args, height))
    }

    /// One argument; `false` where it may not stand.
    fn call_arg(&mut self, args: &mut CallArgs, height: &mut u32) -> Result<bool> {
        let mut value = |parser: &mut Self| -> Result<Expr> {
            let expr = parser.expression()?;
            *height = (*height).max(expr.height);
            Ok(expr)
        };
        let nothing_dynamic = args.star.is_none() && args.double_star.is_none();
        match self.kind() {
            Kind::Mul => {
                if !nothing_dynamic {
                    return Ok(false);
                }
                self.next();
                args.star = Some(value(self)?);
            }
            Kind::Pow => {
                if args.double_star.is_some() {
                    return Ok(false);
                }
                self.next();
                args.double_star = Some(value(self)?);
            }
            Kind::Name if self.look().kind == Kind::Assign => {
                if args.double_star.is_some() {
                    return Ok(false);
                }
                let (name, _) = self.name()?;
                self.next();
                args.keyword.push((name, value(self)?));
            }
            _ => {
                if !nothing_dynamic || !args.keyword.is_empty() {
                    return Ok(false);
                }
                args.positional.push(value(self)?);
            }
        }
        Ok(true)
    }

    /// Parameters in parentheses.
    pub(super) fn signature(&mut self) -> Result<Signature> {
        self.expect(Kind::LParen)?;
        let mut signature = Signature::default();
        while self.kind() != Kind::RParen {
            if !signature.params.is_empty() {
                self.expect(Kind::Comma)?;
            }
            let param = self.target_name()?;
            if self.skip(Kind::Assign) {
                signature.defaults.push(self.expression()?);
            } else if !signature.defaults.is_empty() {
                return Err(self.fail("non-default argument follows default argument"));
            }
            signature.params.push(param);
        }
        self.expect(Kind::RParen)?;
        Ok(signature)
    }
}
