package io.softq4j.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** {@code + - * / // % **}, also of strings and lists where Python has it. */
record Arithmetic(String operator, Expression left, Expression right) implements Expression {

    @Override
    public Object value(Scope scope) {
        scope.run().step();
        return apply(operator, left.value(scope), right.value(scope), scope.run());
    }

    @SuppressWarnings("unchecked")
    static Object apply(String operator, Object a, Object b, Run run) {
        if (operator.equals("+")) {
            if (a instanceof String s && b instanceof String t) {
                run.characters(s.length() + (long) t.length());
                return s.concat(t);
            } else if (a instanceof List<?> x && b instanceof List<?> y && a instanceof Tuple == b instanceof Tuple) {
                List<Object> both = Values.concatenation((List<Object>) x, (List<Object>) y, run);
                return a instanceof Tuple ? new Tuple(both) : both;
            }
        } else if (operator.equals("*") && (isSequence(a) || isSequence(b))) {
            return isSequence(a) ? repeat(a, b, run) : repeat(b, a, run);
        } else if (operator.equals("%") && a instanceof String format) {
            return Format.percent(format, b, run);
        }
        return Numbers.arithmetic(operator, a, b);
    }

    private static boolean isSequence(Object value) {
        return value instanceof String || value instanceof List;
    }

    private static Object repeat(Object value, Object count, Run run) {
        long times = Math.max(0, Numbers.index(count));
        long length = value instanceof String s ? s.length() : ((List<?>) value).size();
        if (times > Integer.MAX_VALUE || length * times > Integer.MAX_VALUE) {
            throw new TemplateError("a " + Values.kind(value) + " of " + length + " is repeated " + times + " times");
        }
        if (value instanceof String s) {
            run.characters(length * times);
            return s.repeat((int) times);
        }
        run.items(length * times);
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < (length == 0 ? 0 : times); i++) {
            items.addAll((List<?>) value);
        }
        return value instanceof Tuple ? new Tuple(items) : items;
    }
}
