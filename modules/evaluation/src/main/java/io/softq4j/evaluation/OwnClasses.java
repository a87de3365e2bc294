package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import java.lang.reflect.InvocationTargetException;
import java.util.List;

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
        } catch (ExceptionInInitializerError e) {
            throw new UserError(what + " class '" + className + "' cannot be loaded: " + words(e) + ". It has to load without failing.", e);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new UserError(what + " class '" + className + "' cannot be loaded: " + words(e) + ". " + whereItMayBe() + nextStep, e);
        } catch (StackOverflowError | AssertionError e) {
            throw new UserError(what + " class '" + className + "' cannot be made: " + words(e) + ".", e);
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw new UserError(what + " class '" + className + "' must be a public class, not abstract, "
                    + "with a public constructor without parameters.", e);
        } catch (InvocationTargetException e) {
            throw new UserError("the constructor of " + what + " class '" + className + "' failed: " + words(e.getCause()), e);
        }
    }

    private static String whereItMayBe() {
        List<String> unreadable = OwnClass.unreadable(System.getenv("SOFTQ_PLUGINS"));
        return unreadable.isEmpty() ? "Is its jar on the class path, or in SOFTQ_PLUGINS? "
                : "SOFTQ_PLUGINS names what holds no classes: " + String.join("; ", unreadable) + ". ";
    }

    /** What was thrown, in words; for a static initialiser what it threw. */
    static String words(Throwable thrown) {
        return thrown instanceof ExceptionInInitializerError && thrown.getCause() != null ? "its static initialiser failed, " + thrown.getCause()
                : thrown instanceof StackOverflowError ? "the stack overflowed (StackOverflowError)" : String.valueOf(thrown);
    }

    /** Whether a name that is none of ours is that of a class: it has a package, or a class without one is there. */
    static boolean isMeant(String name) {
        if (name.contains(".")) {
            return true;
        }
        if (name.isEmpty() || !name.chars().allMatch(Character::isJavaIdentifierPart)) {
            return false;
        }
        return loader().getResource(name + ".class") != null && isThere(name);
    }

    private static boolean isThere(String name) {
        try {
            Class.forName(name, false, loader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        } catch (LinkageError e) {
            // NoClassDefFoundError for a file that holds a class of another name, as where case does not count; else a class that cannot be loaded
            return !(e instanceof NoClassDefFoundError);
        }
    }

    /** What finds them. */
    static ClassLoader loader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? OwnClasses.class.getClassLoader() : context;
    }
}
