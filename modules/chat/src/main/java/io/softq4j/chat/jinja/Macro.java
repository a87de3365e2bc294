package io.softq4j.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A function written in the template, within the scope it was defined in.
 *
 * @param name      for messages
 * @param signature its parameters
 * @param body      what it writes
 * @param scope     where it was defined
 */
record Macro(String name, Signature signature, Body body, Scope scope) implements Callable {

    @Override
    public Object call(Arguments arguments, Run run) {
        Object caller = arguments.named().get("caller");
        Arguments own = arguments;
        if (caller != null) {
            Map<String, Object> others = new LinkedHashMap<>(arguments.named());
            others.remove("caller");
            own = new Arguments(arguments.positional(), others);
        }
        Object[] given = own.bind(name, 0, signature.names().toArray(String[]::new));
        Scope inner = scope.inner();
        if (caller != null) {
            inner.set("caller", caller);
        }
        run.enter();
        for (int i = 0; i < given.length; i++) {
            Expression otherwise = signature.defaults().get(i);
            String parameter = signature.names().get(i);
            inner.set(parameter, given[i] != null ? given[i] : otherwise != null ? otherwise.value(inner)
                    : new Undefined("parameter '" + parameter + "' was not given"));
        }
        String text = body.text(inner);
        run.leave();
        return text;
    }
}
