package io.softq4j.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Expressions, from what binds least: inline if, or, and, not, comparison, {@code + -}, {@code ~}, {@code * / // %}, {@code **},
 * sign, then fields, items and calls, then filters and tests.
 */
final class ExpressionParser {

    /** An expression of more parts is not written by people; evaluating it would go as deep. */
    private static final int LONGEST = 500;

    private final Tokens tokens;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    Expression expression() {
        tokens.enter();
        Expression value = or();
        while (tokens.skip("if")) {
            Expression condition = or();
            value = new Conditional(value, condition, tokens.skip("else") ? expression() : null);
        }
        tokens.leave();
        return value;
    }

    /** {@code a, b}: a tuple if there is a comma. */
    Expression expressions() {
        Expression first = expression();
        if (!tokens.peek().is(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skip(",") && beginsExpression()) {
            items.add(expression());
        }
        return new ListLiteral(items, true);
    }

    private boolean beginsExpression() {
        Token.Type type = tokens.peek().type();
        return type != Token.Type.TAG_END && type != Token.Type.PRINT_END && type != Token.Type.END && !tokens.peek().is(")")
                && !tokens.peek().is("]")
                && !tokens.peek().is("=");
    }

    /** Without an inline if: what a loop goes over, which may be followed by its own if. */
    Expression or() {
        Expression left = and();
        for (int parts = 0; tokens.skip("or"); parts++) {
            left = new Or(left, and());
            limit(parts);
        }
        return left;
    }

    private void limit(int parts) {
        if (parts > LONGEST) {
            throw new TemplateError(tokens.peek().line(), "the expression has more than " + LONGEST + " parts");
        }
    }

    private Expression and() {
        Expression left = not();
        for (int parts = 0; tokens.skip("and"); parts++) {
            left = new And(left, not());
            limit(parts);
        }
        return left;
    }

    private Expression not() {
        if (!tokens.skip("not")) {
            return comparison();
        }
        tokens.enter();
        Expression negated = new Not(not());
        tokens.leave();
        return negated;
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        for (String operator = comparator(); operator != null; operator = comparator()) {
            operators.add(operator);
            others.add(sum());
        }
        return operators.isEmpty() ? first : new Comparison(first, operators, others);
    }

    private String comparator() {
        for (String operator : List.of("==", "!=", "<", "<=", ">", ">=", "in")) {
            if (tokens.skip(operator)) {
                return operator;
            }
        }
        if (tokens.peek().is("not") && tokens.second().is("in")) {
            tokens.next();
            tokens.next();
            return "not in";
        }
        return null;
    }

    private Expression sum() {
        Expression left = concatenation();
        for (int parts = 0; tokens.peek().is("+") || tokens.peek().is("-"); parts++) {
            left = new Arithmetic(tokens.next().text(), left, concatenation());
            limit(parts);
        }
        return left;
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.peek().is("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skip("~")) {
            parts.add(product());
        }
        return new Concatenation(parts);
    }

    private Expression product() {
        Expression left = power();
        for (int parts = 0; tokens.peek().is("*") || tokens.peek().is("/") || tokens.peek().is("//") || tokens.peek().is("%"); parts++) {
            left = new Arithmetic(tokens.next().text(), left, power());
            limit(parts);
        }
        return left;
    }

    private Expression power() {
        Expression left = signed(true);
        for (int parts = 0; tokens.skip("**"); parts++) {
            left = new Arithmetic("**", left, signed(true));
            limit(parts);
        }
        return left;
    }

    private Expression signed(boolean withFilters) {
        tokens.enter();
        Expression value;
        if (tokens.skip("-")) {
            value = new Negative(signed(false));
        } else if (tokens.skip("+")) {
            value = signed(false);
        } else {
            value = primary();
        }
        value = suffixes(value);
        if (withFilters) {
            value = filters(value);
        }
        tokens.leave();
        return value;
    }

    private Expression primary() {
        Token token = tokens.next();
        switch (token.type()) {
            case NAME:
                return name(token.text());
            case STRING:
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.peek().type() == Token.Type.STRING) {
                    text.append(tokens.next().text());
                }
                return new Literal(text.toString());
            case WHOLE_NUMBER:
                if (token.text().length() > LONGEST) {
                    throw new TemplateError(token.line(), "a number of more than " + LONGEST + " digits");
                }
                BigInteger whole = new BigInteger(token.text());
                return new Literal(whole.bitLength() < 64 ? (Object) whole.longValue() : whole);
            case NUMBER:
                return new Literal(Double.parseDouble(token.text()));
            case OPERATOR:
                if (token.is("(")) {
                    return parenthesis();
                } else if (token.is("[")) {
                    return new ListLiteral(list("]"), false);
                } else if (token.is("{")) {
                    return mapping();
                }
                break;
            default:
                break;
        }
        throw new TemplateError(token.line(), "expected an expression, found " + token);
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Literal(true);
            case "false", "False" -> new Literal(false);
            case "none", "None" -> new Literal(None.NONE);
            default -> new Variable(name);
        };
    }

    private Expression parenthesis() {
        if (tokens.skip(")")) {
            return new ListLiteral(List.of(), true);
        }
        Expression value = expressions();
        tokens.expect(")");
        return value;
    }

    private List<Expression> list(String close) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skip(close)) {
            items.add(expression());
            if (!tokens.peek().is(close)) {
                tokens.expect(",");
            }
        }
        return items;
    }

    private Expression mapping() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skip("}")) {
            keys.add(expression());
            tokens.expect(":");
            values.add(expression());
            if (!tokens.peek().is("}")) {
                tokens.expect(",");
            }
        }
        return new MappingLiteral(keys, values);
    }

    private Expression suffixes(Expression value) {
        Expression suffixed = value;
        for (int parts = 0; ; parts++) {
            limit(parts);
            if (tokens.skip(".")) {
                Token name = tokens.next();
                if (name.type() == Token.Type.WHOLE_NUMBER && name.text().length() < 10) {
                    suffixed = new Item(suffixed, new Literal(Long.parseLong(name.text())));
                } else if (name.type() == Token.Type.NAME) {
                    suffixed = new Attribute(suffixed, name.text());
                } else {
                    throw new TemplateError(name.line(), "expected a name after the dot, found " + name);
                }
            } else if (tokens.skip("[")) {
                suffixed = item(suffixed);
            } else if (tokens.peek().is("(")) {
                suffixed = new Call(suffixed, arguments());
            } else {
                return suffixed;
            }
        }
    }

    private Expression item(Expression owner) {
        Expression start = tokens.peek().is(":") ? null : expressions();
        if (tokens.skip("]")) {
            return new Item(owner, start);
        }
        tokens.expect(":");
        Expression stop = tokens.peek().is(":") || tokens.peek().is("]") ? null : expression();
        Expression step = tokens.skip(":") && !tokens.peek().is("]") ? expression() : null;
        tokens.expect("]");
        return new Slice(owner, start, stop, step);
    }

    /** {@code (a, b, name=c)}. */
    CallArguments arguments() {
        tokens.expect("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!tokens.skip(")")) {
            if (tokens.peek().is("*") || tokens.peek().is("**")) {
                throw new TemplateError(tokens.peek().line(), "arguments out of a list or mapping (* and **) are not supported in a chat "
                        + "template");
            }
            if (tokens.peek().type() == Token.Type.NAME && tokens.second().is("=")) {
                String name = tokens.next().text();
                tokens.next();
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw tokens.unexpected("a named argument, as there was one before");
            }
            if (!tokens.peek().is(")")) {
                tokens.expect(",");
            }
        }
        return positional.isEmpty() && named.isEmpty() ? CallArguments.NONE : new CallArguments(positional, named);
    }

    private Expression filters(Expression value) {
        Expression filtered = value;
        for (int parts = 0; ; parts++) {
            limit(parts);
            if (tokens.skip("|")) {
                filtered = filter(filtered);
            } else if (tokens.skip("is")) {
                filtered = test(filtered);
            } else if (tokens.peek().is("(")) {
                filtered = new Call(filtered, arguments());
            } else {
                return filtered;
            }
        }
    }

    /** What stands after the bar. */
    Expression filter(Expression value) {
        String name = tokens.expect(Token.Type.NAME).text();
        return new FilterCall(value, name, tokens.peek().is("(") ? arguments() : CallArguments.NONE);
    }

    private Expression test(Expression value) {
        boolean negated = tokens.skip("not");
        String name = tokens.expect(Token.Type.NAME).text();
        CallArguments arguments = CallArguments.NONE;
        if (tokens.peek().is("(")) {
            arguments = arguments();
        } else if (beginsOperand()) {
            arguments = new CallArguments(List.of(suffixes(primary())), Map.of());
        }
        Expression test = new TestCall(value, name, arguments);
        return negated ? new Not(test) : test;
    }

    private boolean beginsOperand() {
        Token token = tokens.peek();
        return switch (token.type()) {
            case STRING, WHOLE_NUMBER, NUMBER -> true;
            case OPERATOR -> token.is("[") || token.is("{");
            case NAME -> !List.of("else", "or", "and", "if", "is", "in", "not").contains(token.text());
            default -> false;
        };
    }
}
