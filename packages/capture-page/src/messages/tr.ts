import type { Messages } from './messages.ts';

export const messages: Messages = {
  pageTitle: 'Canlılık kontrolü',
  noScript:
    'Bu kontrol kameranızı kullanır ve JavaScript gerektirir. Lütfen JavaScript’i açıp sayfayı yeniden yükleyin.',
  loading: { title: 'Bir dakika', words: '' },
  consent: {
    title: 'Kısa kamera kontrolü',
    words: 'Burada gerçek bir kişi olduğunu görmemiz gerekiyor.',
    wordsFrom: (name) => `${name}, burada gerçek bir kişi olduğunu göstermenizi istiyor.`,
    points: [
      'Kameranız birkaç saniye boyunca yüzünüzün görüntülerini alır. Başınızı çevirmeniz istenebilir.',
      'Yalnızca bir insan olup olmadığına bakarız: kim olduğunuzu araştırmayız.',
      'Görüntüler en geç yaklaşık 30 dakika sonra silinir.',
    ],
    primary: 'Kabul et ve devam et',
    secondary: 'Hayır, geri dön',
  },
  permission: {
    title: 'Kameraya izin verin',
    words: 'Tarayıcınız şimdi bu sayfanın kamerayı kullanıp kullanamayacağını sorabilir. “İzin ver”i seçin.',
  },
  ready: {
    title: 'Yüzünüzü ovalin içine getirin',
    words: 'Kamerayı göz hizasında, dengeli ışıkta tutun.',
    primary: 'Başla',
    secondary: 'İptal',
  },
  capturing: { title: 'Hareket etmeyin', words: 'Halka dolana kadar kameraya bakın.' },
  prompts: {
    left: { title: 'Başınızı sola çevirin', words: 'Yavaşça çevirin ve ok değişene kadar öyle kalın.' },
    right: { title: 'Başınızı sağa çevirin', words: 'Yavaşça çevirin ve ok değişene kadar öyle kalın.' },
    center: { title: 'Kameraya bakın', words: 'Bir an hareket etmeyin.' },
  },
  hints: {
    find: 'Yüzünüzü ovalin içine getirin.',
    alone: 'Görüntüde yalnızca siz olmalısınız.',
    closer: 'Biraz yaklaşın.',
    further: 'Biraz uzaklaşın.',
    center: 'Yüzünüzü ortaya getirin.',
    light: 'Biraz daha fazla ışık bulun.',
    backlight: 'Işık arkanızda: ışığa doğru dönün.',
    still: 'Hareket etmeyin.',
    good: 'Güzel. Böyle kalın.',
  },
  sending: {
    title: 'Kontrol ediliyor',
    words: 'Bu birkaç saniye sürer. Kamera kapalı.',
    slow: 'Gönderim sürüyor. Bağlantınız yavaş görünüyor, lütfen sayfayı açık tutun.',
    sent: (percent) => `%${percent} ulaştı.`,
    bar: 'Resimlerin ne kadarının gönderildiği',
  },
  done: {
    title: 'Tamam',
    words: 'Bu sayfayı kapatabilirsiniz.',
    returning: 'Bu sayfayı kapatabilirsiniz. Geri dönülüyor…',
    stillWorking: 'Üzerinde çalışıyoruz ve sizden başka bir şey gerekmiyor. Bu sayfayı kapatabilirsiniz.',
    primary: 'Devam',
  },
  failed: { tryAgain: 'Yeniden dene', goBack: 'Geri dön', leave: 'Devam' },
  troubles: {
    camera_denied: {
      title: 'Kamera engellenmiş',
      words:
        'Bu sayfa için kameraya izin verin: adresin yanındaki simgeden ya da tarayıcı ayarlarından. Sonra yeniden deneyin.',
    },
    camera_unanswered: {
      title: 'Kamera henüz açık değil',
      words: 'Tarayıcının sorusu yanıtlanmadı. Yeniden deneyin ve “İzin ver”i seçin.',
    },
    camera_missing: {
      title: 'Kamera bulunamadı',
      words: 'Bir kamera bağlayıp yeniden deneyin ya da bu bağlantıyı bir telefonda açın.',
    },
    camera_busy: {
      title: 'Kamera kullanımda',
      words: 'Başka bir uygulama ya da sekme kullanıyor olabilir. Onu kapatıp yeniden deneyin.',
    },
    camera_lost: {
      title: 'Kamera durdu',
      words: 'Çıkarıldı ya da kapatıldı. Yeniden açıp tekrar deneyin.',
    },
    camera_silent: {
      title: 'Kameradan görüntü yok',
      words: 'Kamera açık ama bir şey göstermiyor. Kapağına bakın ya da başka bir kamera seçip yeniden deneyin.',
    },
    camera_unsupported: {
      title: 'Bu tarayıcı kamerayı burada kullanamıyor',
      words: 'Bağlantıyı güncel bir Chrome, Safari, Firefox ya da Edge’de açın. Adres https ile başlamalıdır.',
    },
    in_app_browser: {
      title: 'Lütfen bu sayfayı tarayıcınızda açın',
      words:
        'Bulunduğunuz uygulama sayfaların kamerayı kullanmasına izin vermiyor. Menüsünü açıp “Tarayıcıda aç”ı seçin.',
    },
    page_hidden: {
      title: 'Bu sayfadan ayrıldınız',
      words: 'Bu sırada kamera kapatıldı. Hazır olunca yeniden deneyin.',
    },
    unreachable: {
      title: 'Bağlantı yok',
      words: 'Sunucuya ulaşamadık. Bağlantınızı kontrol edip yeniden deneyin.',
    },
    server_fault: {
      title: 'Bir şey çalışmadı',
      words: 'Hata bizde. Lütfen biraz sonra yeniden deneyin.',
    },
    unreadable_image: { title: 'Bir görüntü bozuktu', words: 'Okunamadı. Lütfen yeniden deneyin.' },
    too_few_frames: { title: 'Eksik görüntü var', words: 'Hepsi ulaşmadı. Lütfen yeniden deneyin.' },
    capture_superseded: {
      title: 'Başka yerde açık',
      words: 'Bu kontrol başka bir sekmede yeniden başlatıldı. Orada devam edin ya da burada yeniden deneyin.',
    },
    capture_elsewhere: {
      title: 'Başka bir tarayıcıda açık',
      words: 'Bu kontrol başka bir tarayıcıda ya da cihazda başlatıldı. Lütfen orada devam edin.',
    },
    handoff_over: {
      title: 'Bu kod artık geçerli değil',
      words: 'Daha önce kullanılmış ya da süresi dolmuş. Bilgisayarınızda yeni bir kod gösterip onu okutun.',
    },
    challenge_too_late: {
      title: 'Çok uzun sürdü',
      words: 'Lütfen yeniden deneyin ve ok görünür görünmez başınızı çevirin.',
    },
    too_many_failures: {
      title: 'Kısa bir mola',
      words: 'Kısa sürede birkaç deneme yapıldı. Lütfen birkaç dakika bekleyin, sonra yeniden deneyin.',
    },
    capture_closed: { title: 'Bu deneme kapandı', words: 'Lütfen yeniden deneyin.' },
    check_expired: {
      title: 'Bu bağlantının süresi doldu',
      words: 'Lütfen bağlantıyı aldığınız yere dönüp yenisini isteyin.',
    },
    check_failed: {
      title: 'Kontrolü tamamlayamadık',
      words: 'Lütfen bağlantıyı aldığınız yere dönüp yenisini isteyin.',
    },
    unknown_link: {
      title: 'Bu bağlantı çalışmıyor',
      words: 'Adresin tam olduğuna bakın ya da yeni bir bağlantı isteyin.',
    },
    cancelled: {
      title: 'Kontrol iptal edildi',
      words: 'Görüntü alınmıyor. Bu sayfayı kapatabilir ya da yeniden deneyebilirsiniz.',
    },
  },
  reasons: {
    NO_FACE: 'Yüzünüzü göremedik. Lütfen ovalin içine getirin.',
    MULTIPLE_FACES: 'Görüntüde birden fazla yüz vardı. Lütfen yalnızca siz olun.',
    FACE_TOO_SMALL: 'Yüzünüz çok uzaktaydı. Lütfen yaklaşın.',
    FACE_TOO_LARGE: 'Yüzünüz çok yakındı. Lütfen biraz uzaklaşın.',
    FACE_CUT_OFF: 'Yüzünüz kesilmişti. Lütfen tamamını ovalde tutun.',
    TOO_DARK: 'Çok karanlıktı. Lütfen daha fazla ışık bulun.',
    TOO_BRIGHT: 'Işık çok güçlüydü. Lütfen ışıktan çekilin.',
    BLURRED: 'Görüntü bulanıktı. Lütfen hareket etmeyin ve merceği silin.',
    TURNED_AWAY: 'Yüzünüz dönüktü. Lütfen kameraya bakın.',
    FACE_COVERED: 'Yüzünüz kapalıydı. Lütfen maskeyi ya da koyu gözlüğü çıkarın.',
    LOW_RESOLUTION: 'Görüntü yeterince net değildi. Merceği silin ya da başka bir kamera kullanın.',
    TOO_FEW_FRAMES: 'İyi görüntü çok azdı. Lütfen sonuna kadar ovalde kalın.',
    CHALLENGE_NOT_FOLLOWED: 'Lütfen başınızı okun gösterdiği yere, adım adım çevirin.',
    CHALLENGE_TOO_LATE: 'Ok görünür görünmez başınızı biraz daha fazla çevirin.',
    FACE_CHANGED: 'Lütfen hızlı hareket etmeden hep görüntüde kalın.',
  },
  attempt: (number, of) => `Deneme ${number} / ${of}.`,
  offline: 'Çevrimdışısınız. Bağlantı gelince devam edeceğiz.',
  camera: { label: 'Kamera', unnamed: (number) => `Kamera ${number}` },
  cannotTurn: 'Başımı çeviremiyorum',
  handoff: {
    offer: 'Telefonunuzda devam edin',
    waiting: {
      title: 'Telefonunuzda devam edin',
      words: 'Bu kodu telefonunuzun kamerasıyla okutun. Telefonunuzu bekliyoruz.',
    },
    taken: { title: 'Telefonunuzdan sürdürün', words: 'Kontrol telefonunuzda açıldı. Bu sayfa kendiliğinden ilerler.' },
    capturing: { title: 'Sıra telefonunuzda', words: 'Kontrolü telefonunuzda tamamlayın ve bu sayfayı açık tutun.' },
    expired: { title: 'Bu kodun süresi doldu', words: 'Telefonunuzda devam etmek için yeni bir kod gösterin.' },
    stay: 'Bu bilgisayarı kullan',
    again: 'Yeni kod göster',
    code: 'Bu kontrolü telefonunuzda açan QR kodu',
    address: 'Ya da bu bağlantıyı telefonunuzda açın',
    copy: 'Bağlantıyı kopyala',
    copied: 'Bağlantı kopyalandı',
    done: 'Lütfen bilgisayarınıza dönün. Bu sayfayı kapatabilirsiniz.',
  },
  readAloud: 'Sesli oku',
};
