package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import java.lang.reflect.InvocationTargetException;

/** Makes an object of a user's class, which the class path or {@code SOFTQ_PLUGINS} holds. */
final class OwnClasses {

    private OwnClasses() {
    }

    /**
     * An object of it.
     *
     * @param what     it is, as in the message: "task"
     * @param nextStep the last sentence of a message
     * @throws UserError if there is no such class, it is of another type or cannot be made
     */
    static <T> T make(String className, Class<T> type, String what, String nextStep) {
        try {
            Class<?> found = Class.forName(className, true, loader());
            if (!type.isAssignableFrom(found)) {
                throw new UserError(what + " class '" + className + "' does not implement " + type.getName() + ". " + nextStep);
            }
            return type.cast(found.getConstructor().newInstance());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new UserError(what + " class '" + className + "' cannot be loaded: " + e + ". Is its jar on the class path, or in SOFTQ_PLUGINS? "
                    + nextStep, e);
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw new UserError(what + " class '" + className + "' must be a public class, not abstract, "
                    + "with a public constructor without parameters.", e);
        } catch (InvocationTargetException e) {
            throw new UserError("the constructor of " + what + " class '" + className + "' failed: " + e.getCause(), e);
        }
    }

    /** What finds them. */
    static ClassLoader loader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? OwnClasses.class.getClassLoader() : context;
    }
}
