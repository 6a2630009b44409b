import pytest
from stdnum import lei
from stdnum.cn import uscc

from obligor.sample.dice import dice_for
from obligor.sample.identifiers import a_lei, an_uscc


@pytest.mark.parametrize("seed", range(40))
def test_an_invented_uscc_passes_its_check_digits(seed: int) -> None:
    assert uscc.is_valid(an_uscc(dice_for(seed), region="320500"))


@pytest.mark.parametrize("seed", range(40))
def test_an_invented_lei_passes_its_check_digits(seed: int) -> None:
    assert lei.is_valid(a_lei(dice_for(seed)))


def test_a_uscc_names_its_region() -> None:
    assert an_uscc(dice_for(1), region="440300")[2:8] == "440300"


def test_the_same_dice_give_the_same_identifier() -> None:
    assert a_lei(dice_for(3)) == a_lei(dice_for(3))
