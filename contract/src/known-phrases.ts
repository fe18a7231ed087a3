/**
 * Long passwords that everybody thinks of, reduced to letters and digits. Lists of short ones come
 * with the strength meter; a whole list of breached ones is the operator's to give, see
 * PAYOS_BREACHED_PASSWORDS_FILE.
 */
const phrases = `correcthorsebatterystaple thisismypassword thisisapassword thisisthepassword
thisismysecretpassword mypasswordispassword mysecretpassword mypasswordis12345 yourpasswordhere
passwordpassword passwordpassword1 password1password changemechangeme changethispassword
pleasechangeme letmeinletmein letmeinplease pleaseletmein opensesame opensesameopensesame
iloveyouiloveyou iloveyousomuch iloveyouforever iloveyou12345678 iloveyou123456789 ilovemymother123
ilovemyfamily ilovemyfamily123 ilovemydaughter ilovemychildren ilovemyhusband ilovemyboyfriend
ilovemygirlfriend ihatepasswords idontknowmypassword iforgotmypassword forgotmypassword
nevergonnagiveyouup neverguessthis youwillneverguess youllneverguess youshallnotpass
maytheforcebewithyou livelongandprosper winteriscoming tobeornottobe tobeornottobethatisthequestion
thequickbrownfox thequickbrownfoxjumps thequickbrownfoxjumpsoverthelazydog loremipsumdolor
loremipsumdolorsitamet helloworldhelloworld administrator administrator123 administratorpassword
adminadminadmin superadministrator welcomewelcome welcome123456789 liverpoolfootballclub
manchesterunited manchesterunited1 chelseafootballclub jesuschristislord jesusismysavior
godisgoodallthetime inthenameofgod northwestnorthwest abcdefghijklmno abcdefghijklmnopqrstuvwxyz
onetwothreefourfive onetwothreefour 123456789123456789 happybirthdaytoyou twinkletwinklelittlestar
supercalifragilisticexpialidocious trustnoone trustnooneever masterpassword secretsecretsecret
mydogisthebest myvoiceismypassport myvoiceismypassportverifyme`;

const known = new Set(phrases.split(/\s+/));

/** Whether a password is such a phrase, whatever its capitals, spaces and signs. */
export function isKnownPhrase(password: string): boolean {
  return known.has(password.toLowerCase().replace(/[^a-z0-9]/g, ''));
}
