package io.softq4j.chat.jinja;

import java.util.List;

/** {@code a < b <= c}: each with the one after it, up to the first that does not hold. */
record Comparison(Expression first, List<String> operators, List<Expression> others) implements Expression {

    @Override
    public Object value(Scope scope) {
        Object left = first.value(scope);
        for (int i = 0; i < operators.size(); i++) {
            Object right = others.get(i).value(scope);
            if (!holds(operators.get(i), left, right, scope.run())) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private static boolean holds(String operator, Object left, Object right, Run run) {
        return switch (operator) {
            case "==" -> Values.equal(left, right, run);
            case "!=" -> !Values.equal(left, right, run);
            case "<" -> Values.compare(left, right, run) < 0;
            case "<=" -> Values.compare(left, right, run) <= 0;
            case ">" -> Values.compare(left, right, run) > 0;
            case ">=" -> Values.compare(left, right, run) >= 0;
            case "in" -> Values.contains(right, left, run);
            case "not in" -> !Values.contains(right, left, run);
            default -> throw new IllegalStateException(operator);
        };
    }
}
