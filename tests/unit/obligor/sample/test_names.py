from itertools import islice

from obligor.sample.dice import dice_for
from obligor.sample.names import chinese_identities, european_identities, name_parts


def test_no_european_name_comes_twice() -> None:
    names = [one.legal_names[0].name for one in european_identities(dice_for(1))]

    assert len(names) == len(set(names)) > 200


def test_a_european_name_ends_with_a_legal_form_of_its_country() -> None:
    forms = {country.code: country.forms for country in name_parts().europe}

    for identity in islice(european_identities(dice_for(2)), 50):
        assert identity.legal_names[0].name.endswith(forms[identity.country])


def test_a_chinese_company_has_its_registered_name_in_han_script() -> None:
    identity = next(chinese_identities(dice_for(3)))

    assert identity.legal_names[0].script == "Hans"
    assert identity.legal_names[0].name.endswith("有限公司")
    assert identity.legal_names[1].name.endswith("Co., Ltd.")


def test_no_chinese_name_comes_twice() -> None:
    names = [one.legal_names[0].name for one in chinese_identities(dice_for(4))]

    assert len(names) == len(set(names))


def test_industries_are_in_the_scheme_of_the_country() -> None:
    assert next(chinese_identities(dice_for(5))).industry.scheme == "GB/T 4754-2017"
    assert next(european_identities(dice_for(5))).industry.scheme == "NACE2"
