package io.softq4j.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code {% call(parameters) macro(arguments) %}}: what the macro writes when it can call the body as {@code caller()}.
 *
 * @param line      of the tag
 * @param signature the parameters of the body
 * @param call      of the macro
 * @param body      what {@code caller()} writes
 */
record CallTag(int line, Signature signature, Call call, Body body) implements Statement {

    @Override
    public Flow run(Scope scope, StringBuilder out) {
        scope.run().at(line);
        scope.run().items(1);
        Arguments given = call.arguments().values(scope);
        Map<String, Object> named = new LinkedHashMap<>(given.named());
        named.put("caller", new Macro("caller", signature, body, scope));
        if (!(call.callee().value(scope) instanceof Macro macro)) {
            throw new TemplateError("{% call %} needs a macro");
        }
        String text = (String) macro.call(new Arguments(given.positional(), named), scope.run());
        scope.run().characters(text.length());
        out.append(text);
        return Flow.NEXT;
    }
}
