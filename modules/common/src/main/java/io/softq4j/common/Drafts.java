package io.softq4j.common;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * How a record of the configuration is changed and made: by the names of its components,
         never by their places. The record has a nested interface,
 * {@code Draft}, with one method for each component, and two methods that lead here:
 *
 * <pre>
 * public record SoftQConfig(double lambda, double gamma) {
 *
 *     public interface Draft {
 *         Draft lambda(double value);
 *         Draft gamma(double value);
 *     }
 *
 *     public static SoftQConfig defaults() {
 *         return Drafts.make(SoftQConfig.class, Draft.class, c -&gt; c.lambda(0.1).gamma(1));
 *     }
 *
 *     public SoftQConfig with(Consumer&lt;Draft&gt; change) {
 *         return Drafts.change(this, Draft.class, change);
 *     }
 * }
 * </pre>
 *
 * <p>What a draft holds is checked when the record is made of it,
         by the record's constructor. A further component breaks nobody who goes this way.
 */
public final class Drafts {

    private static final ClassValue<Form> FORMS = new ClassValue<>() {
        @Override
        protected Form computeValue(Class<?> draft) {
            return Form.of(draft);
        }
    };

    private Drafts() {
    }

    /**
     * A copy of a record with what {@code change} sets.
     *
     * @param draft the record's {@code Draft}
     */
    public static <R extends Record, D> R change(R record, Class<D> draft, Consumer<? super D> change) {
        @SuppressWarnings("unchecked")
        Class<R> type = (Class<R>) record.getClass();
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            values.put(component.getName(), value(record, component));
        }
        return made(type, draft, values, change);
    }

    /**
     * A record of nothing but what {@code values} sets.
     *
     * @throws IllegalArgumentException if that is not every component
     */
    public static <R extends Record, D> R make(Class<R> type, Class<D> draft, Consumer<? super D> values) {
        return made(type, draft, new LinkedHashMap<>(), values);
    }

    /**
     * What {@code change} sets and nothing else, by the names of the components, in the order in which they are set. Nothing is checked
     * yet.
     */
    public static <D> Map<String, Object> values(Class<D> draft, Consumer<? super D> change) {
        FORMS.get(draft);
        Map<String, Object> values = new LinkedHashMap<>();
        fill(values, draft, change);
        return values;
    }

    private static <R extends Record, D> R made(Class<R> type, Class<D> draft, Map<String, Object> values, Consumer<? super D> change) {
        Form form = FORMS.get(draft);
        if (form.type != type) {
            throw new IllegalArgumentException(draft.getName() + " is no draft of " + type.getName());
        }
        fill(values, draft, change);
        return type.cast(form.make(values));
    }

    private static <D> void fill(Map<String, Object> values, Class<D> draft, Consumer<? super D> change) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.invoke(values, arguments);
            }
            values.put(method.getName(), arguments[0]);
            return proxy;
        };
        change.accept(draft.cast(Proxy.newProxyInstance(draft.getClassLoader(), new Class<?>[] {draft}, handler)));
    }

    private static Object value(Record owner, RecordComponent component) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    /** A record that has a draft, and its canonical constructor. */
    private record Form(Class<?> type, RecordComponent[] components, Constructor<?> canonical) {

        /** @throws IllegalArgumentException if the draft's methods are not the record's components */
        static Form of(Class<?> draft) {
            Class<?> type = draft.getDeclaringClass();
            if (type == null || !type.isRecord()) {
                throw new IllegalArgumentException(draft.getName() + " stands in no record");
            }
            RecordComponent[] components = type.getRecordComponents();
            Set<String> expected = Arrays.stream(components).map(c -> c.getName() + "(" + c.getGenericType().getTypeName() + ")")
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> seen = Arrays.stream(draft.getMethods()).map(m -> m.getName() + "(" + Arrays.stream(m.getGenericParameterTypes())
                    .map(Type::getTypeName).collect(Collectors.joining(", ")) + ")").collect(Collectors.toCollection(TreeSet::new));
            if (!expected.equals(seen)) {
                throw new IllegalArgumentException("the methods of " + draft.getName() + " must be the components of the record, "
                        + expected + ", were "
                        + seen);
            }
            try {
                Constructor<?> canonical = type.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType)
                        .toArray(Class<?>[]::new));
                canonical.setAccessible(true);
                return new Form(type, components, canonical);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(type.getName() + " has no canonical constructor", e);
            }
        }

        Object make(Map<String, Object> values) {
            Set<String> missing = Arrays.stream(components).map(RecordComponent::getName).collect(Collectors.toCollection(TreeSet::new));
            missing.removeAll(values.keySet());
            if (!missing.isEmpty()) {
                throw new IllegalArgumentException(type.getName() + " needs a value for " + String.join(", ", missing));
            }
            try {
                return canonical.newInstance(Arrays.stream(components).map(component -> values.get(component.getName())).toArray());
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof RuntimeException refused) {
                    throw refused;
                }
                throw new IllegalStateException("cannot make " + type.getName(), e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot make " + type.getName(), e);
            }
        }
    }
}
