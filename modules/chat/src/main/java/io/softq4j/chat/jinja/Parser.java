package io.softq4j.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** Text and tags. */
final class Parser {

    private final Tokens tokens;
    private final ExpressionParser expressions;
    private int loops;

    private Parser(Tokens tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /**
     * The statements of a template.
     *
     * @throws TemplateError if it is malformed, or has a tag that chat templates do not have
     */
    static Body parse(String source) {
        return new Parser(new Tokens(Lexer.tokens(source))).body(null);
    }

    /** Up to, and with the name of, one of the tags that end it; {@code null} for the end of the template. */
    private Body body(String opened, String... ends) {
        tokens.enter();
        int line = tokens.lastLine();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            if (token.type() == Token.Type.END) {
                if (opened != null) {
                    throw new TemplateError(line, "{% " + opened + " %} is not closed; expected {% " + String.join(" %} or {% ", ends)
                            + " %}");
                }
                break;
            } else if (token.type() == Token.Type.TEXT) {
                statements.add(new Text(token.text()));
            } else if (token.type() == Token.Type.PRINT_BEGIN) {
                statements.add(new Print(token.line(), expressions.expressions()));
                tokens.expect(Token.Type.PRINT_END);
            } else if (List.of(ends).stream().anyMatch(tokens.peek()::is)) {
                break;
            } else {
                statements.add(tag());
            }
        }
        tokens.leave();
        return new Body(List.copyOf(statements));
    }

    private Statement tag() {
        Token tag = tokens.expect(Token.Type.NAME);
        switch (tag.text()) {
            case "if":
                return condition(tag.line());
            case "for":
                return loop(tag.line());
            case "set":
                return set(tag.line());
            case "macro":
                return macro();
            case "call":
                return call(tag.line());
            case "filter":
                return filter(tag.line());
            case "with":
                return with(tag.line());
            case "generation":
                tokens.expect(Token.Type.TAG_END);
                return new Scoped(List.of(), closed(outsideLoops("generation", "endgeneration")));
            case "break":
            case "continue":
                return control(tag);
            default:
                throw new TemplateError(tag.line(), "there is no tag {% " + tag.text()
                        + " %} here; chat templates have if, for, set, macro, call, "
                        + "filter, with, generation, raw, break and continue, and include no other files");
        }
    }

    /** The body of a tag, when the name of its end is next. */
    private Body closed(Body body) {
        tokens.next();
        tokens.expect(Token.Type.TAG_END);
        return body;
    }

    private Body outsideLoops(String opened, String end) {
        int around = loops;
        loops = 0;
        Body body = body(opened, end);
        loops = around;
        return body;
    }

    private Statement condition(int line) {
        List<If.Branch> branches = new ArrayList<>();
        Body otherwise = new Body(List.of());
        int branchLine = line;
        while (true) {
            Expression condition = expressions.expressions();
            tokens.expect(Token.Type.TAG_END);
            branches.add(new If.Branch(branchLine, condition, body("if", "elif", "else", "endif")));
            branchLine = tokens.peek().line();
            if (tokens.skip("else")) {
                tokens.expect(Token.Type.TAG_END);
                otherwise = body("else", "endif");
            } else if (tokens.skip("elif")) {
                continue;
            }
            tokens.expect("endif");
            tokens.expect(Token.Type.TAG_END);
            return new If(branches, otherwise);
        }
    }

    private Statement loop(int line) {
        Target target = targets();
        tokens.expect("in");
        Expression items = items();
        Expression condition = tokens.skip("if") ? expressions.expression() : null;
        if (tokens.peek().is("recursive")) {
            throw new TemplateError(line, "recursive loops are not supported in a chat template; write a macro that calls itself");
        }
        tokens.expect(Token.Type.TAG_END);
        loops++;
        Body body = body("for", "else", "endfor");
        loops--;
        Body otherwise = new Body(List.of());
        if (tokens.skip("else")) {
            tokens.expect(Token.Type.TAG_END);
            otherwise = body("else", "endfor");
        }
        tokens.expect("endfor");
        tokens.expect(Token.Type.TAG_END);
        return new For(line, target, items, condition, body, otherwise);
    }

    /** What is looped over: {@code a, b} is a tuple, and an if belongs to the loop. */
    private Expression items() {
        List<Expression> items = new ArrayList<>(List.of(expressions.or()));
        while (tokens.skip(",")) {
            items.add(expressions.or());
        }
        return items.size() == 1 ? items.get(0) : new ListLiteral(items, true);
    }

    private Target targets() {
        List<Target> targets = new ArrayList<>(List.of(target()));
        boolean several = false;
        while (tokens.skip(",")) {
            several = true;
            if (tokens.peek().is("(") || tokens.peek().type() == Token.Type.NAME && !tokens.peek().is("in")) {
                targets.add(target());
            }
        }
        return several ? new Target.Several(targets) : targets.get(0);
    }

    private Target target() {
        if (tokens.skip("(")) {
            tokens.enter();
            Target inner = targets();
            tokens.leave();
            tokens.expect(")");
            return inner;
        }
        Token name = tokens.expect(Token.Type.NAME);
        if (List.of("true", "false", "none", "True", "False", "None").contains(name.text())) {
            throw new TemplateError(name.line(), "cannot set " + name.text());
        }
        return tokens.skip(".") ? new Target.Field(name.text(), tokens.expect(Token.Type.NAME).text()) : new Target.Name(name.text());
    }

    private Statement set(int line) {
        Target target = targets();
        if (tokens.skip("=")) {
            Expression value = expressions.expressions();
            tokens.expect(Token.Type.TAG_END);
            return new Assign(line, target, value);
        }
        Hole hole = new Hole();
        Expression value = filtered(hole);
        tokens.expect(Token.Type.TAG_END);
        hole.filled = new Rendered(closed(outsideLoops("set", "endset")));
        return new Assign(line, target, value);
    }

    /** What is parsed after what uses it. */
    private static final class Hole implements Expression {

        private Expression filled;

        @Override
        public Object value(Scope scope) {
            return filled.value(scope);
        }
    }

    private Expression filtered(Expression value) {
        Expression filtered = value;
        while (tokens.skip("|")) {
            filtered = expressions.filter(filtered);
        }
        return filtered;
    }

    private Statement filter(int line) {
        Hole hole = new Hole();
        Expression value = filtered(expressions.filter(hole));
        tokens.expect(Token.Type.TAG_END);
        hole.filled = new Rendered(closed(outsideLoops("filter", "endfilter")));
        return new Print(line, value);
    }

    private Statement macro() {
        String name = tokens.expect(Token.Type.NAME).text();
        Signature signature = signature();
        tokens.expect(Token.Type.TAG_END);
        return new MacroTag(name, signature, closed(outsideLoops("macro", "endmacro")));
    }

    private Signature signature() {
        tokens.expect("(");
        List<String> names = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        while (!tokens.skip(")")) {
            names.add(tokens.expect(Token.Type.NAME).text());
            defaults.add(tokens.skip("=") ? expressions.expression() : null);
            if (!tokens.peek().is(")")) {
                tokens.expect(",");
            }
        }
        return new Signature(names, defaults);
    }

    private Statement call(int line) {
        Signature signature = tokens.peek().is("(") ? signature() : Signature.NONE;
        if (!(expressions.expression() instanceof Call call)) {
            throw new TemplateError(line, "{% call %} needs the call of a macro");
        }
        tokens.expect(Token.Type.TAG_END);
        return new CallTag(line, signature, call, closed(outsideLoops("call", "endcall")));
    }

    private Statement with(int line) {
        List<Assign> variables = new ArrayList<>();
        while (tokens.peek().type() != Token.Type.TAG_END) {
            Target target = target();
            tokens.expect("=");
            variables.add(new Assign(line, target, expressions.expression()));
            if (tokens.peek().type() != Token.Type.TAG_END) {
                tokens.expect(",");
            }
        }
        tokens.expect(Token.Type.TAG_END);
        return new Scoped(variables, closed(body("with", "endwith")));
    }

    private Statement control(Token tag) {
        if (loops == 0) {
            throw new TemplateError(tag.line(), "{% " + tag.text() + " %} is outside of a loop");
        }
        tokens.expect(Token.Type.TAG_END);
        return new LoopControl(tag.is("break") ? Statement.Flow.BREAK : Statement.Flow.CONTINUE);
    }
}
