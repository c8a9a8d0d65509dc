import { ByteLexicon } from './amounts/byte-lexicon.ts';

/** Kinds of words before a number that say what it is. */
export const CUE_PHONE = 1;
export const CUE_NUMBER = 2;
export const CUE_NOT_PHONE = 4;
export const CUE_CARD = 8;
export const CUE_PLATE = 16;
/** A word that names a one-time code and hardly anything else. */
export const CUE_CODE = 32;
/** `code` in some language: a one-time code where its reader is addressed. */
export const CUE_ANY_CODE = 64;
export const CUE_YOUR = 128;
/** `zip`, `error`: they make a code something else. */
export const CUE_OTHER_CODE = 256;
/** `is`: between a code and its name. */
export const CUE_IS = 512;
/** What one uses a code for. */
export const CUE_PURPOSE = 1024;
export const CUE_VEHICLE = 2048;

const PHONE =
  'phone phones telephone tel tel. mobile mob cell cellphone call calls called calling ring rang text txt txts sms whatsapp whatsap wa wapp viber telegram tg signal ' +
  'fax contact landline hotline desk answering office helpline dial ph hp reach burner simkaart sim ' +
  'telefoon telefoonnummer mobiel mobieltje bel belde bellen gebeld app appen gsm telefon telefonnummer handy handynummer rufnummer mobil anruf anrufen ruf erreichbar ' +
  'téléphone telephone portable appelle appelez appeler rappelle joindre teléfono telefono celular cel móvil movil llama llámame llamame llamar ' +
  'fone telefone celular ligar liga zap whats contato chiama chiamami cellulare cell telefonare telefonu cep ara arayın ' +
  'telefonu komórka komorka dzwoń zadzwoń kom telefonen mobilen mobilnummer ring ringa telefoni telefono thirr merr celulari tel telefonul mobilul sună suna ' +
  'тел телефон телефона телефону мобильный звони позвони звоните звонить набери вотсап ватсап هاتف تلفون موبايل جوال اتصل واتساب الهاتف فون ' +
  'फोन मोबाइल कॉल संपर्क फ़ोन טלפון נייד 전화 휴대폰 연락처 전화번호 핸드폰 電話 电话 手机 手機 電話番号 携帯 热线 熱線 传真';
/** They say that it is a number of something. */
const NUMBER =
  'number numbers no nr nummer num numéro numero número nummertje numara numaram numarası numer nummeret numret numër numri numărul numarul номер номеру رقم नंबर מספר 번호 号码 號碼 番号';
const CARD =
  'card cards visa mastercard amex maestro cc creditcard debitcard kaart pas creditkarte karte kreditkarte carte tarjeta cartão cartao carta kart karta карта карты картой कार्ड بطاقة 卡号 银行卡 信用卡';
const PLATE =
  'plate plates numberplate reg registration licence license vehicle kenteken rej rej. nummerplaat kentekenplaat kennzeichen nummernschild plaka plakalı matrícula matricula placa targa plaque immatriculation rejestracja tablice regnr registreringsnummer targë înmatriculare госномер номера لوحة 车牌';
/** What has a plate: a number in the form of one may stand after them. */
const VEHICLE =
  'car cars van truck lorry motor whip ride vehicle audi bmw merc mercedes golf passat polo octavia volvo ford transit fiat clio renault peugeot citroen seat toyota honda ' +
  'tesla porsche vw volkswagen skoda opel vauxhall nissan hyundai kia dacia logan auto autos wagen karre kiste voiture bagnole caisse camionnette coche furgoneta ' +
  'carro macchina furgone araba arabası arabanın kamyon samochód samochod samochodem furgon bil bilen bus busje bestelbus makina makinën benz mașina masina duba машина ' +
  'тачка тачке авто фургон गाड़ी कार سيارة السيارة 车 車 車両 차 차량';
const NOT_PHONE =
  'account acct card cards iban order orders invoice tracking serial ssn passport bsn booking ref reference case isbn pin zip postcode ' +
  'rekening rekeningnummer kaart bestelling factuur konto kontonummer karte bestellung rechnung compte carte commande cuenta tarjeta pedido conta cartão cartao conto ordine hesap kart sipariş ' +
  'bestelnummer bestelnr ordernummer ordernr klantnummer factuurnummer zaaknummer dossiernummer polisnummer ticketnummer serienummer referentienummer ' +
  'bestellnummer kundennummer rechnungsnummer auftragsnummer vorgangsnummer seriennummer artikelnummer aktenzeichen facture faktura zamówienie zamowienie заказа счета ' +
  'счет счёт карта карты заказ account# visa mastercard maestro amex discover omb id imei imsi iccid version build uid pid port error bug line lines rev sha bic ' +
  'dossier zaak ärende mål sygn akta dosar dosja dosje porosia porosi comanda colet colis expediente fascicolo processo dosya sipariş takip gönderi försändelse paket paczka ' +
  'przesyłka śledzenia spedizione seguimiento envío rastreio encomenda suivi parcel shipment sendung sendungsnummer zending pakket verzending дело трек посылка ' +
  'накладная طلب الطلب طلبية قضية القضية شحنة الشحنة ऑर्डर केस कूरियर पार्सल ' +
  '账号 賬號 卡号 订单号 订单 訂單 序列号 银行卡 口座 口座番号 注文番号 追跡番号 事件番号 受付番号 快递单号 快递 单号 案号 주문번호 송장번호 송장 사건번호 계좌 계좌번호 접수번호 영수증 주민번호 주민등록번호 우편번호 우편 郵便番号 邮编 邮政编码 郵遞區號 発票 发票 发票号 ' +
  '請求書番号 請求書 マイナンバー 身份证 身份证号 身分證 पिन आधार बिल القومي الهوية فاتورة الفاتورة инн снилс паспорт счёт индекс ' +
  'bestell auftrags kunden rechnungs vorgangs diarienr factuurnr fatura faktury tc tckn kimlik pesel cnp cpf cnpj dni nie curp aadhaar personnr personnummer cedula cédula fiscal';

const CODE =
  'verification verify otp passcode 2fa totp one-time onetime tan smstan mtan authenticator verificatiecode inlogcode beveiligingscode toegangscode bevestigingscode pincode ' +
  'sms-code smscode sms-kod smskod sicherheitscode bestätigungscode verifizierungscode anmeldecode zugangscode einmalcode vérification verificación verificação verifica verificatie verificare verifieringskod engångskod säkerhetskod ' +
  'doğrulama dogrulama onay şifreniz weryfikacyjny weryfikacji autoryzacyjny jednorazowy verifikimit verifikimi подтверждения проверочный одноразовый التحقق تحقق التأكيد ' +
  'ओटीपी सत्यापन otp. 验证 驗證 验证码 驗證碼 校验码 动态码 認証 確認コード 인증 인증번호 engangskode bekreftelseskode';
const ANY_CODE =
  'şifre şifresi parola clave code codes code# codice código codigo cod codul kod kodu kodun kodunuz kodi koda kode koden code: código: код кода коду кодом رمز كود الرمز कोड コード 代码 代碼 코드';
const YOUR =
  'your ur my the je jouw uw jullie mijn dein deine ihr ihre mein votre ton mon tu su mi seu teu sua meu tuo suo il mio vostro senin sizin kodunuz twój twoj mój mój din ditt ' +
  'confirmation confirmação confirmacion confirmación confirmare conferma confirmatie potwierdzenia bekräftelse onay التفعيل تفعيل sms ' +
  'yt juaj kodi tău dumneavoastră ваш твой мой الخاص बाद आपका आपकी login signal whatsapp telegram google facebook instagram viber snapchat apple microsoft paypal uber';
const OTHER_CODE =
  'zip postal postar poștal poştal postai postale पिन pin-code पोस्टल البريدي 郵便 邮政 우편 posta post country area error exit status source promo coupon discount dial bar qr dress penal civil color colour hex product item article access-control build patch gate door alarm locker lockbox entry garage';
/** What a code is for: `code 1234 to log in`. */
const PURPOSE =
  'verify confirm log login sign-in access accedere acceder accéder confirmar confirmer confermare bestätigen anmelden einloggen inloggen bevestigen входа войти ' +
  'подтверждения giriş onaylamak logowania zalogować potwierdzenia potwierdzić logga aceder autentificare conectare';
const IS = 'is ist est es é è е är er jest este eshte është это هو है lautet — -';

let lexicon: ByteLexicon<number> | null = null;
let spellings: ReadonlyMap<string, number> = new Map();

/** Every cue word that has one of the bits `kinds`, in each of its spellings. */
export function cueSpellings(kinds: number): readonly string[] {
  cueLexicon();
  return [...spellings].filter(([, bits]) => (bits & kinds) !== 0).map(([word]) => word);
}

/** The cue words in one table, with bits CUE_. Built when first asked for. */
export function cueLexicon(): ByteLexicon<number> {
  if (lexicon !== null) return lexicon;
  const bits = new Map<string, number>();
  const add = (list: string, bit: number): void => {
    for (const word of list.split(' ')) {
      for (const spelling of [
        word,
        word.charAt(0).toUpperCase() + word.slice(1),
        word.toUpperCase(),
        word.normalize('NFD'),
      ]) {
        bits.set(spelling, (bits.get(spelling) ?? 0) | bit);
      }
    }
  };
  add(PHONE, CUE_PHONE);
  add(NOT_PHONE, CUE_NOT_PHONE);
  add(NUMBER, CUE_NUMBER);
  add(CARD, CUE_CARD);
  add(PLATE, CUE_PLATE);
  add(CODE, CUE_CODE);
  add(ANY_CODE, CUE_ANY_CODE);
  add(YOUR, CUE_YOUR);
  add(OTHER_CODE, CUE_OTHER_CODE);
  add(IS, CUE_IS);
  add(PURPOSE, CUE_PURPOSE);
  add(VEHICLE, CUE_VEHICLE);
  spellings = bits;
  lexicon = new ByteLexicon(bits);
  return lexicon;
}
