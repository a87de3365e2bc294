package io.softq4j.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DraftsTest {

    record Tea(int minutes, List<String> leaves, String milk) {

        interface Draft {
            Draft minutes(int value);

            Draft leaves(List<String> value);

            Draft milk(String value);
        }

        Tea {
            leaves = List.copyOf(leaves);
            if (minutes < 1) {
                throw new UserError("minutes must be at least 1, was " + minutes);
            }
        }

        static Tea defaults() {
            return Drafts.make(Tea.class, Draft.class, t -> t.milk(null).minutes(3).leaves(List.of("assam")));
        }

        Tea with(Consumer<Draft> change) {
            return Drafts.change(this, Draft.class, change);
        }
    }

    record Wrong(int minutes, String milk) {

        interface Draft {
            Draft minutes(long value);
        }
    }

    @Test
    void aDraftChangesWhatItSetsAndNothingElse() {
        Tea tea = Tea.defaults();
        assertEquals(new Tea(3, List.of("assam"), null), tea);
        assertEquals(new Tea(5, List.of("assam"), "oat"), tea.with(t -> t.minutes(5).milk("oat")));
        assertEquals(tea, tea.with(t -> { }));
        assertEquals(3, tea.minutes());
        assertEquals(new Tea(3, List.of("assam"), null), tea.with(t -> t.milk("oat")).with(t -> t.milk(null)));
    }

    @Test
    void theLastValueOfAComponentCounts() {
        assertEquals(7, Tea.defaults().with(t -> t.minutes(0).minutes(7)).minutes());
    }

    @Test
    void theRecordsOwnRefusalIsWhatTheUserSees() {
        assertEquals("minutes must be at least 1, was 0",
                assertThrows(UserError.class, () -> Tea.defaults().with(t -> t.minutes(0))).getMessage());
    }

    @Test
    void aRecordIsNotMadeOfSomeOfItsComponents() {
        assertEquals(Tea.class.getName() + " needs a value for leaves, milk", assertThrows(IllegalArgumentException.class,
                () -> Drafts.make(Tea.class, Tea.Draft.class, t -> t.minutes(3))).getMessage());
    }

    @Test
    void aDraftThatIsNotTheRecordsComponentsIsRefused() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> Drafts.change(new Wrong(1, ""), Wrong.Draft.class, w -> { })).getMessage();
        assertTrue(message.endsWith("must be the components of the record, [milk(java.lang.String), minutes(int)], were [minutes(long)]"),
                message);
        assertThrows(IllegalArgumentException.class, () -> Drafts.change(new Wrong(1, ""), Tea.Draft.class, t -> { }));
    }
}
