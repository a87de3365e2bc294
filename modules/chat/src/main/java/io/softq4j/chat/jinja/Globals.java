package io.softq4j.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** The functions of every template. There is none that tells the time, so the same messages always give the same text. */
final class Globals {

    static final Map<String, Callable> FUNCTIONS = Map.of(
            "range", Globals::range,
            "namespace", (arguments, run) -> new Namespace(mapping("namespace", arguments, run)),
            "dict", (arguments, run) -> mapping("dict", arguments, run),
            "raise_exception", Globals::raise);

    private Globals() {
    }

    private static Object range(Arguments arguments, Run run) {
        Object[] bound = arguments.bind("range", 1, "start", "stop", "step");
        long first = Numbers.index(bound[0]);
        if (bound[1] == null) {
            return new Range(0, first, 1);
        }
        return new Range(first, Numbers.index(bound[1]), bound[2] == null ? 1 : Numbers.index(bound[2]));
    }

    private static Map<String, Object> mapping(String callee, Arguments arguments, Run run) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Object source : arguments.positional()) {
            if (!(source instanceof Map<?, ?> map) || arguments.positional().size() > 1) {
                throw new TemplateError(callee + "() takes one mapping, or named arguments");
            }
            run.items(map.size());
            map.forEach((key, value) -> values.put(String.valueOf(key), value));
        }
        values.putAll(arguments.named());
        return values;
    }

    private static Object raise(Arguments arguments, Run run) {
        throw new TemplateError("the template refuses these messages: " + Values.text(arguments.bind("raise_exception", 1, "message")[0],
                run));
    }
}
