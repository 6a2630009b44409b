"""Python's cycle collector, kept from walking over and over what a batch holds on purpose."""

import gc

_YOUNG, _MIDDLE, _OLD = 1_000_000, 20, 100


def relax() -> None:
    """Collect seldom, and never look again at what is there already.

    A batch holds hundreds of thousands of objects for a second, without cycles; at Python's own
    thresholds a third of the processor's time went into looking for some.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
