"""The passwords that are tried first: what leaks show most, of eight characters and more, in small letters."""

from typing import Final

_WORDS: Final = """
    00000000 0123456789 0987654321 1029384756 11111111 111111111 1111111111 11112222 11223344 112233445566 12121212
    12312312 123123123 12341234 12344321 12345678 123456789 1234567890 1234567891 12345678910 123456789a 123456aa
    123456abc 1234qwer 123654789 123qweasd 123qweasdzxc 147258369 159357456 159753456 1q2w3e4r 1q2w3e4r5t
    1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 20202020 22222222 31415926 33333333 44444444 55555555 5555555555
    66666666 741852963 77777777 789456123 87654321 88888888 987654321 9876543210 99999999 a1234567 a12345678
    a1b2c3d4 aa123456 aa12345678 abc12345 abc123456 abcd1234 abcdefgh abcdefghi admin123 admin1234 administrator
    airborne akademik alexander alexandra america1 andromeda angelina anthony1 arsenal1 asdasdasd asdf1234 asdfasdf
    asdfghjk asdfghjkl asdfqwer assassin babygirl babygirl1 barcelona baseball baseball1 basketball batman123
    beautiful bigdaddy blessed1 blink182 bonjour1 bulgaria buster123 butterfly california caroline cashmere champion
    changeme changeme1 charlie1 charlotte cherries chicken1 chocolate christian christina christine cocacola
    computer computer1 consumer corvette cristina danielle darkness december default1 dennis123 diamond1 dinosaur
    dolphin1 dragon123 drowssap dubsmash elephant elizabeth eminem123 everything facebook family123 fashion1
    fernando filip123 firebird football football1 forever1 francesco franklin freedom1 friends1 fuckyou1 gabriela
    gabriella garfield gateway1 georgia1 germany1 gfhjkm123 ginger123 giovanni godzilla goldfish gordon24 graduate
    guitar123 hahahaha hannah123 happy123 hardcore heather1 hello123 hello1234 hellokitty helpme123 hollywood
    hunter123 ihateyou iloveme1 iloveu123 iloveyou iloveyou1 iloveyou2 infinity internet isabella jasmine1 jennifer
    jessica1 jonathan jordan23 justin123 kimberly kingkong kristina lalalala lavender leonardo letmein1 letmein123
    liberty1 linkedin liverpool liverpool1 lollipop london123 lovelove loveyou1 madrid123 manchester margarita
    marlboro marseille martin123 master123 matthew1 maverick melissa1 mercedes metallica michael1 michelle midnight
    minecraft monalisa monkey123 monster1 mountain murphy123 mustang1 myspace1 napoleon naruto123 natasha1 nathalie
    newyork1 nicholas nicole123 nintendo november october1 p@ssw0rd p@ssword pa55word pakistan panasonic paola123
    paradise parola12 parola123 parolata pass1234 passport passw0rd password password! password01 password1
    password1! password11 password12 password123 password1234 password2 password3 passwort patricia peaches1
    peanut123 pebbles1 pepper123 personal phoenix1 pineapple playboy1 playstation pokemon1 pokemon123 porsche1
    portugal precious princesa princess princess1 princessa protected pumpkin1 punkrock q1w2e3r4 q1w2e3r4t5
    qazwsx123 qazwsxedc qqqqqqqq qwe123456 qwe123qwe qweasdzxc qweqweqwe qwer1234 qwerasdf qwert123 qwert1234
    qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyui qwertyuiop qwertzui qwertzuiop rainbow1
    rammstein rastaman realmadrid rebecca1 redskins remember richard1 robert123 rocknroll rockstar rosebud1 samantha
    samsung1 samsung123 sandra123 savannah scarface scooby123 scorpion sebastian secret123 security september
    serenity shadow123 shopping simpsons skateboard skyline1 slipknot snickers snowball soccer123 softball sophia123
    southpark spiderman spiderman1 stargate starwars starwars1 stephanie strawberry student1 summer123 summer2024
    summer2025 summer2026 sunflower sunshine sunshine1 superman superman1 superstar sweetheart sweety123 swordfish
    tarantula target123 teddybear test1234 testtest thailand thomas123 threadly threadly1 thunder1 tiffany1
    tigger123 tinkerbell titanic1 trustno1 twilight undertaker univers1 valentina vanessa1 veronica victoria
    vincent1 vinted123 warcraft wardrobe welcome1 welcome123 westside whatever whatever1 william1 winner123
    winter123 winter2024 winter2025 winter2026 wolfgang xbox3600 yankees1 zaq12wsx zaq1zaq1 zaqwsxcde zxcvbnm1
    zxcvbnm123 zxcvbnmm българия йцукенгш йцукенгшщ любовта1 обичамте пароль12 пароль123
"""
COMMONEST: Final = frozenset(_WORDS.split())
